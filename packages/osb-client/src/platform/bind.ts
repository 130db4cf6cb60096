import { randomUUID } from 'node:crypto'
import type { BindCall, BindingResponse, JsonObject } from 'osb-protocol'
import { planTraits } from '../catalog/plan-traits.js'
import { isFailureOfBroker, mitigate } from './failures.js'
import { brokerOf, findInstance, planById } from './find.js'
import {
  abandon,
  accept,
  assertFree,
  beginning,
  bindingIn,
  during,
  ended,
  failedCreate,
  type OperationOptions,
  pendingOf,
} from './operations.js'
import { PlatformError } from './platform-error.js'
import type { AppRecord, BindingRecord, BrokerRecord, InstanceRecord, ManagedInstance, PlatformState } from './state.js'
import { removeBinding } from './unbind.js'
import type { World } from './world.js'

/** What to bind. */
export interface BindOrder {
  readonly instance: string
  /** Of the app, which exists from its first binding; absent for a service key. */
  readonly app?: string | undefined
  /** Of the binding, or of the key. */
  readonly name?: string | undefined
  readonly parameters?: JsonObject | undefined
  /** Bind again though there is a binding; the app gets the newest. */
  readonly again?: boolean | undefined
  /** Rotate: the binding that the new one is to replace. */
  readonly predecessor?: BindingRecord | undefined
}

/** The first version of the protocol that rotates bindings. */
const rotationVersion = '2.17'

/** Binds; see {@link Platform.bind}. */
export async function bind(
  world: World,
  order: BindOrder,
  options: OperationOptions,
  run_guid?: string,
): Promise<BindingRecord> {
  const begun = await world.file.change((state) => {
    const instance = findInstance(state, order.instance)
    assertBindable(state, instance)
    const app = order.app === undefined ? undefined : appIn(world, state, order.app)
    const known = existing(state, instance, app, order)
    if (known) return { known }
    const binding = newBinding(world, instance, app, order, run_guid)
    state.bindings.push(binding)
    return structuredClone({ state, instance, app, binding })
  })
  if ('known' in begun && begun.known) return begun.known
  const { state, instance, app, binding } = begun as Exclude<typeof begun, { known: BindingRecord }>
  if (instance.type !== 'managed') return binding
  const broker = brokerOf(state, instance)
  const plan = planById(broker.catalog, instance.plan_id)?.plan
  const { parameters, predecessor } = order
  const call = (await world.requests()).bind({ state, instance, plan, parameters, binding, app })
  const rotation = predecessor ? { ...call, predecessor_binding_id: predecessor.guid } : call
  await sendBind(world, { state, broker, instance, binding }, rotation, options)
  return bindingIn(world.file.read(), binding.guid) ?? binding
}

/** The app with this name; made where there is none. */
export function appIn({ clock }: World, state: PlatformState, name: string): AppRecord {
  const { space_guid } = state.target
  const known = state.apps.find((each) => each.name === name && each.space_guid === space_guid)
  if (known) return known
  const app = { guid: randomUUID(), name, space_guid, created_at: new Date(clock.now()).toISOString() }
  state.apps.push(app)
  return app
}

function assertBindable(state: PlatformState, instance: InstanceRecord): void {
  assertFree(instance.name, instance.last_operation, '')
  if (instance.type !== 'managed') return
  const { name, last_operation } = instance
  if (last_operation.type === 'create' && last_operation.state === 'failed')
    throw new PlatformError('NOT_SUPPORTED', `the create of ${name} has failed`, 'Delete it with "osb delete-service".')
  const found = planById(brokerOf(state, instance).catalog, instance.plan_id)
  if (!found || planTraits(found.offering, found.plan).bindable) return
  const message = `instances of plan ${found.plan.name} of ${found.offering.name} cannot be bound`
  throw new PlatformError('NOT_SUPPORTED', message, 'Its catalog says so: "osb marketplace" tells of other plans.')
}

function existing(
  { bindings }: PlatformState,
  { guid, name }: InstanceRecord,
  app: AppRecord | undefined,
  order: BindOrder,
): BindingRecord | undefined {
  const own = bindings.filter(({ instance_guid }) => instance_guid === guid)
  if (!app) {
    if (!own.some((each) => each.type === 'key' && each.name === order.name)) return undefined
    const message = `service instance ${name} has a key ${order.name} already`
    throw new PlatformError('EXISTS', message, 'Choose another name, or delete it with "osb delete-service-key".')
  }
  if (order.again === true || order.predecessor) return undefined
  return own.findLast(({ app_guid, last_operation }) => app_guid === app.guid && last_operation.type === 'create')
}

function newBinding(
  world: World,
  instance: InstanceRecord,
  app: AppRecord | undefined,
  { name }: BindOrder,
  run_guid: string | undefined,
): BindingRecord {
  const begun = beginning(world, 'create')
  const isManaged = instance.type === 'managed'
  return {
    guid: randomUUID(),
    type: app ? 'app' : 'key',
    name: name ?? null,
    instance_guid: instance.guid,
    app_guid: app?.guid ?? null,
    created_at: begun.created_at,
    last_operation: isManaged ? begun : ended(world, begun, 'succeeded'),
    // Those of a user-provided instance are the instance's own, as they may change.
    credentials: null,
    syslog_drain_url: null,
    volume_mounts: [],
    metadata: null,
    ...(run_guid !== undefined && { run_guid }),
  }
}

interface Binding {
  readonly state: PlatformState
  readonly broker: BrokerRecord
  readonly instance: ManagedInstance
  readonly binding: BindingRecord
}

async function sendBind(world: World, about: Binding, call: BindCall, options: OperationOptions): Promise<void> {
  const { state, broker, instance, binding } = about
  const { signal, onProgress } = options
  const apiVersion = call.predecessor_binding_id === undefined ? undefined : rotationVersion
  try {
    const details = { originatingIdentity: (await world.requests()).identity(state), signal }
    const client = await world.client(broker, apiVersion)
    const answer = await client.bind({ ...call, accepts_incomplete: true }, details)
    if (answer.outcome !== 'accepted') return await succeedBind(world, binding, answer.body)
    await world.file.change((changing) => accept(bindingIn(changing, binding.guid), answer.body.operation, options))
    if (options.wait === false) return
    const pending = { ...pendingOf(instance, binding.last_operation, binding), accepted: answer }
    await client.awaitOperation(pending, { ...details, onProgress })
    await fetchBinding(world, broker, instance, binding)
  } catch (error) {
    await (isFailureOfBroker(error) ? failBind(world, about, error, apiVersion) : abandon(world, binding.guid))
    throw error
  }
}

/** Gets and keeps what an asynchronous bind made. */
export async function fetchBinding(
  world: World,
  broker: BrokerRecord,
  instance: ManagedInstance,
  binding: BindingRecord,
): Promise<void> {
  const client = await world.client(broker)
  const { body } = await client.fetchBinding({ instance_id: instance.guid, binding_id: binding.guid })
  await succeedBind(world, binding, body)
}

async function succeedBind(
  world: World,
  { guid, last_operation }: BindingRecord,
  body: BindingResponse,
): Promise<void> {
  await world.file.change((state) => {
    const record = during(bindingIn(state, guid), last_operation)
    if (!record) return
    record.credentials = body.credentials ?? null
    record.syslog_drain_url = body.syslog_drain_url ?? null
    record.volume_mounts = body.volume_mounts ?? []
    record.metadata = body.metadata ?? null
    record.last_operation = ended(world, record.last_operation, 'succeeded')
  })
}

/** Takes back what a failed bind left, and keeps what the broker still has. */
export async function failBind(
  world: World,
  { broker, instance, binding }: Omit<Binding, 'state'>,
  error: unknown,
  apiVersion?: string,
): Promise<void> {
  const { guid: instance_id, service_id, plan_id } = instance
  const orphan = { target: 'binding', instance_id, binding_id: binding.guid, service_id, plan_id } as const
  const remains = await mitigate(world, broker, error, orphan, apiVersion)
  await world.file.change((state) => {
    if (remains === 'nothing') return removeBinding(state, binding.guid)
    const record = during(bindingIn(state, binding.guid), binding.last_operation)
    if (record) record.last_operation = failedCreate(world, record.last_operation, error, remains)
  })
}
