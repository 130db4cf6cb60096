import { type Clock, systemClock } from '../clock.js'
import type { RequestReport } from '../client-options.js'
import { bind, type BindOrder } from './bind.js'
import {
  type AccessChange,
  type BrokerRegistration,
  changeAccess,
  createBroker,
  deleteBroker,
  updateBroker,
} from './brokers.js'
import { cleanUp } from './clean-up.js'
import type { CleanUpStep } from './clean-up-step.js'
import { createInstance, type InstanceOrder } from './create-instance.js'
import { deleteInstance } from './delete-instance.js'
import { findApp, findInstance, findKey } from './find.js'
import { openClients } from './open-clients.js'
import type { OperationOptions } from './operations.js'
import type { PlatformProfile } from './profiles.js'
import { purgeInstance, purgeOffering } from './purge.js'
import { refreshOperations } from './refresh.js'
import { appBindings, removeOutdated, rotateBinding, unbound } from './rotate-binding.js'
import { beginRun, type Run } from './runs.js'
import type {
  BindingRecord,
  BrokerRecord,
  InstanceRecord,
  ManagedInstance,
  PlatformState,
  UserProvidedInstance,
} from './state.js'
import { openStateFile, stateFolder } from './state-file.js'
import { setTarget } from './target.js'
import { unbind } from './unbind.js'
import { readUnregistered } from './unregistered.js'
import { type InstanceUpdate, renameInstance, updateInstance, upgradeInstance } from './update-instance.js'
import { createUserProvided, updateUserProvided, type UserProvidedService } from './user-provided.js'
import type { UnregisteredBroker, World } from './world.js'

/** Options of {@link openPlatform}. */
export interface PlatformOptions {
  /**
   * Where its state is.
   * @default `OSB_HOME`, else `osb` below `XDG_STATE_HOME`, else `~/.local/state/osb`
   */
  readonly folder?: string | undefined
  /**
   * Whose requests brokers get: API version, identity, context and bodies are those of that platform.
   * @default 'cf'
   */
  readonly profile?: PlatformProfile | undefined
  /**
   * How often to ask how far an operation is: as a person wants to know who waits for it (0.5 s, growing to 10 s), or as
   * the platform of the profile does (`cf`: every 60 s at most). `Retry-After` goes before both.
   * @default 'quick'
   */
  readonly polling?: 'quick' | 'platform' | undefined
  /** A broker to order from without registering it: see {@link Platform.readUnregistered}. Its password is not kept. */
  readonly unregistered?: UnregisteredBroker | undefined
  /** Told each request to a broker, without what authenticates it. */
  readonly onRequest?: ((request: RequestReport) => void) | undefined
  /** For times in the state; for tests. */
  readonly clock?: Clock | undefined
}

/**
 * What Cloud Controller does for services, on one machine. Names are those of the targeted space. Several processes may
 * use one state at once. Whatever waits for a broker throws the errors of the client when that fails, and
 * `PlatformError` for what the platform itself refuses.
 */
export interface Platform {
  /** Everything that is known, as it is now; a copy. Holds credentials. */
  state(): PlatformState
  /** Chooses organization and space by name; what does not exist is made. */
  setTarget(target: { readonly organization?: string | undefined; readonly space?: string | undefined }): Promise<void>
  /** Registers a broker once its catalog has been read. Nobody may order from it yet: {@link enableAccess}. */
  createBroker(registration: BrokerRegistration, signal?: AbortSignal): Promise<BrokerRecord>
  /** Changes address or login if given, and reads the catalog again. */
  updateBroker(
    changes: Partial<BrokerRegistration> & { readonly name: string },
    signal?: AbortSignal,
  ): Promise<BrokerRecord>
  /** Forgets a broker that has no instances. */
  deleteBroker(name: string): Promise<void>
  /** Reads the catalog of the unregistered broker of the options, if there is one, so that it can be ordered from. */
  readUnregistered(signal?: AbortSignal): Promise<BrokerRecord | undefined>
  /** Lets everyone, or one organization, order plans. */
  enableAccess(change: AccessChange): Promise<void>
  disableAccess(change: AccessChange): Promise<void>
  /** Orders an instance. What a failure left with the broker is deleted as the profile's platform does. */
  createInstance(order: InstanceOrder, options?: OperationOptions): Promise<ManagedInstance>
  /** Changes plan, parameters or tags of an instance; tags alone are no affair of the broker. */
  updateInstance(name: string, update: InstanceUpdate, options?: OperationOptions): Promise<ManagedInstance>
  /** Brings an instance to the maintenance version of its plan. */
  upgradeInstance(name: string, options?: OperationOptions): Promise<ManagedInstance>
  /** Gives an instance another name; told to brokers that allow context updates. */
  renameInstance(name: string, newName: string, options?: OperationOptions): Promise<InstanceRecord>
  /** Deletes an instance with all its bindings. */
  deleteInstance(name: string, options?: OperationOptions): Promise<void>
  createUserProvided(name: string, service: UserProvidedService): Promise<UserProvidedInstance>
  updateUserProvided(name: string, service: UserProvidedService): Promise<UserProvidedInstance>
  /** Forgets an instance without a word to its broker. */
  purgeInstance(name: string): Promise<void>
  /** Forgets an offering and its instances without a word to its broker; returns their names. */
  purgeOffering(name: string, broker?: string): Promise<readonly string[]>
  /** Binds an app, or makes a key without one. An app that is bound already gets the binding that it has. */
  bind(order: BindOrder, options?: OperationOptions): Promise<BindingRecord>
  /** Unbinds an app from an instance, all bindings that it has. */
  unbindApp(app: string, instance: string, options?: OperationOptions): Promise<void>
  deleteKey(instance: string, key: string, options?: OperationOptions): Promise<void>
  /** Makes the successor of an app's newest binding, which stays until {@link removeOutdated} (protocol 2.17). */
  rotateBinding(app: string, instance: string, options?: OperationOptions): Promise<BindingRecord>
  /** Unbinds all but the newest bindings (`keepLast` of them, 1 by default). */
  removeOutdated(
    app: string,
    which?: { readonly instance?: string | undefined; readonly keepLast?: number | undefined },
    options?: OperationOptions,
  ): Promise<readonly BindingRecord[]>
  /** Forgets an app, its bindings first; the instances stay. */
  deleteApp(app: string, options?: OperationOptions): Promise<void>
  /** Asks brokers once how far their operations are that nobody waits for. */
  refresh(signal?: AbortSignal): Promise<void>
  /** Begins a run of an app, whose services go away with it. */
  beginRun(app: string): Promise<Run>
  /** Finishes what processes left that are no more: runs, creates without an answer, deletes, and waits for the rest. */
  cleanUp(options?: OperationOptions): Promise<readonly CleanUpStep[]>
  /** Ends the connections to brokers. */
  close(): Promise<void>
}

/**
 * Opens the platform of a folder. Nothing is read or sent yet.
 * @example
 * const platform = openPlatform({ folder: '/tmp/platform' })
 * await platform.createBroker({ name: 'collector', url, username, password })
 * await platform.enableAccess({ offering: 'collector' })
 * await platform.createInstance({ offering: 'collector', plan: 'normal', name: 'records' })
 * await platform.bind({ instance: 'records', app: 'shop' })
 * const env = composeVariables(platform.state(), findApp(platform.state(), 'shop'))
 */
export function openPlatform(options: PlatformOptions = {}): Platform {
  const { profile = 'cf', polling = 'quick', clock = systemClock, unregistered, onRequest } = options
  const file = openStateFile(options.folder ?? stateFolder(process.env))
  const clients = openClients({ profile, polling, unregistered, onRequest })
  const world: World = {
    file,
    profile,
    clock,
    unregistered,
    read: {},
    requests: clients.requests,
    client: clients.client,
  }
  return {
    state: () => file.read(),
    setTarget: (target) => setTarget(world, target),
    createBroker: (registration, signal) => createBroker(world, registration, signal),
    updateBroker: (changes, signal) => updateBroker(world, changes, signal),
    deleteBroker: (name) => deleteBroker(world, name),
    readUnregistered: (signal) => readUnregistered(world, signal),
    enableAccess: (change) => changeAccess(world, change, true),
    disableAccess: (change) => changeAccess(world, change, false),
    createInstance: (order, how = {}) => createInstance(world, order, how),
    updateInstance: (name, update, how = {}) => updateInstance(world, name, update, how),
    upgradeInstance: (name, how = {}) => upgradeInstance(world, name, how),
    renameInstance: (name, newName, how = {}) => renameInstance(world, name, newName, how),
    deleteInstance: (name, how = {}) => deleteInstance(world, name, how),
    createUserProvided: (name, service) => createUserProvided(world, name, service),
    updateUserProvided: (name, service) => updateUserProvided(world, name, service),
    purgeInstance: (name) => purgeInstance(world, name),
    purgeOffering: (name, broker) => purgeOffering(world, name, broker),
    bind: (order, how = {}) => bind(world, order, how),
    unbindApp: (app, instance, how = {}) => unbindApp(world, app, instance, how),
    deleteKey: (instance, key, how = {}) => deleteKey(world, instance, key, how),
    rotateBinding: (app, instance, how = {}) => rotateBinding(world, app, instance, how),
    removeOutdated: (app, which = {}, how = {}) => removeOutdated(world, app, which, how),
    deleteApp: (app, how = {}) => deleteApp(world, app, how),
    refresh: (signal) => refreshOperations(world, signal),
    beginRun: (app) => beginRun(world, app),
    cleanUp: (how = {}) => cleanUp(world, how),
    close: () => clients.close(),
  }
}

async function unbindApp(world: World, app: string, instance: string, options: OperationOptions): Promise<void> {
  const state = world.file.read()
  findInstance(state, instance)
  const bindings = appBindings(state, app, instance)
  if (bindings.length === 0) throw unbound(app, instance)
  for (const { guid } of bindings) await unbind(world, guid, options)
}

async function deleteKey(world: World, instance: string, key: string, options: OperationOptions): Promise<void> {
  await unbind(world, findKey(world.file.read(), instance, key).guid, options)
}

async function deleteApp(world: World, name: string, options: OperationOptions): Promise<void> {
  const state = world.file.read()
  const app = findApp(state, name)
  for (const { guid } of appBindings(state, name)) await unbind(world, guid, options)
  await world.file.change((changing) => {
    changing.apps = changing.apps.filter(({ guid }) => guid !== app.guid)
  })
}
