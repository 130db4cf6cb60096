import { planTraits } from '../catalog/plan-traits.js'
import { bind } from './bind.js'
import { brokerOf, findApp, findManaged, planById } from './find.js'
import type { OperationOptions } from './operations.js'
import { PlatformError } from './platform-error.js'
import type { BindingRecord, PlatformState } from './state.js'
import { unbind } from './unbind.js'
import type { World } from './world.js'

/** Makes the successor of an app's newest binding; see {@link Platform.rotateBinding}. */
export async function rotateBinding(
  world: World,
  app: string,
  instanceName: string,
  options: OperationOptions,
): Promise<BindingRecord> {
  const state = world.file.read()
  const instance = findManaged(state, instanceName)
  const predecessor = appBindings(state, app, instanceName).at(-1)
  if (!predecessor) throw unbound(app, instanceName)
  const found = planById(brokerOf(state, instance).catalog, instance.plan_id)
  if (found && !planTraits(found.offering, found.plan).bindingRotatable) {
    const message = `bindings of plan ${found.plan.name} of ${found.offering.name} cannot be rotated`
    throw new PlatformError(
      'NOT_SUPPORTED',
      message,
      'Use "osb bind-service --strategy multiple" for a second binding.',
    )
  }
  const name = predecessor.name ?? undefined
  return bind(world, { instance: instanceName, app, name, predecessor }, options)
}

/**
 * Unbinds all but the newest bindings of an app, of each instance or of one.
 * @returns those that are gone
 */
export async function removeOutdated(
  world: World,
  app: string,
  which: { readonly instance?: string | undefined; readonly keepLast?: number | undefined },
  options: OperationOptions,
): Promise<readonly BindingRecord[]> {
  const { keepLast = 1 } = which
  const bindings = appBindings(world.file.read(), app, which.instance)
  const outdated = bindings.filter(({ guid, instance_guid }) => {
    const newer = bindings.filter((each) => each.instance_guid === instance_guid)
    return newer.slice(0, -keepLast).some((each) => each.guid === guid)
  })
  for (const { guid } of outdated) await unbind(world, guid, options)
  return outdated
}

/**
 * The bindings of an app, oldest first; of one instance, or of all.
 * @throws {PlatformError} `NOT_FOUND`
 */
export function appBindings(state: PlatformState, appName: string, instanceName?: string): BindingRecord[] {
  const app = findApp(state, appName)
  const { space_guid } = state.target
  const instances = state.instances.filter(
    ({ name, space_guid: own }) => own === space_guid && (instanceName === undefined || name === instanceName),
  )
  return state.bindings.filter(
    ({ app_guid, instance_guid }) => app_guid === app.guid && instances.some(({ guid }) => guid === instance_guid),
  )
}

/** An app that is not bound to an instance. */
export function unbound(app: string, instance: string): PlatformError {
  const next = 'Run "osb services" to see which apps are bound to what.'
  return new PlatformError('NOT_FOUND', `app ${app} is not bound to service instance ${instance}`, next)
}
