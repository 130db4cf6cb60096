import type { JsonObject } from 'osb-protocol'
import { planTraits } from '../catalog/plan-traits.js'
import { assertNameIsFree, goneMeanwhile, readBack } from './create-instance.js'
import { isFailureOfBroker, saidBy } from './failures.js'
import { brokerOf, findInstance, findManaged, mayOrder, planById } from './find.js'
import {
  abandon,
  accept,
  assertIdle,
  beginning,
  during,
  ended,
  instanceIn,
  type OperationOptions,
  pendingOf,
} from './operations.js'
import { PlatformError } from './platform-error.js'
import type { InstanceChange, InstanceRecord, LastOperationRecord, ManagedInstance, PlatformState } from './state.js'
import type { World } from './world.js'

/** What to change; what is absent stays. */
export interface InstanceUpdate {
  readonly plan?: string | undefined
  readonly parameters?: JsonObject | undefined
  readonly tags?: readonly string[] | undefined
}

/** Changes plan, parameters or tags; see {@link Platform.updateInstance}. */
export async function updateInstance(
  world: World,
  name: string,
  update: InstanceUpdate,
  options: OperationOptions,
): Promise<ManagedInstance> {
  const { tags, parameters } = update
  const { instance, change } = await world.file.change((state) => {
    const found = findManaged(state, name)
    assertIdle(state, found)
    const planned = planChange(state, found, update)
    if (tags) found.tags = [...tags]
    return { instance: structuredClone(found), change: planned }
  })
  // The tags are the platform's own, and no affair of the broker.
  if (change === undefined && parameters === undefined) return readBack(world, instance)
  return sendUpdate(world, instance, change ?? {}, parameters, options)
}

/** Brings an instance to the maintenance version of its plan; see {@link Platform.upgradeInstance}. */
export async function upgradeInstance(world: World, name: string, options: OperationOptions): Promise<ManagedInstance> {
  const state = world.file.read()
  const instance = findManaged(state, name)
  const wanted = planById(brokerOf(state, instance).catalog, instance.plan_id)?.plan.maintenance_info
  if (!isUpgradeAvailable(state, instance)) {
    const message = `no upgrade is available for service instance ${name}`
    throw new PlatformError('NOT_SUPPORTED', message, 'Run "osb update-service-broker" to read its catalog again.')
  }
  return sendUpdate(world, instance, { maintenance_info: wanted }, undefined, options)
}

/** Whether the plan has another maintenance version than the instance. */
export function isUpgradeAvailable({ brokers }: PlatformState, instance: ManagedInstance): boolean {
  const catalog = brokers.find(({ guid }) => guid === instance.broker_guid)?.catalog
  const version = catalog && planById(catalog, instance.plan_id)?.plan.maintenance_info?.version
  return version !== undefined && version !== instance.maintenance_info?.['version']
}

/** Gives an instance another name; the broker is told where its offering wants to know. */
export async function renameInstance(
  world: World,
  name: string,
  newName: string,
  options: OperationOptions,
): Promise<InstanceRecord> {
  const renamed = await world.file.change((state) => {
    const found = findInstance(state, name)
    assertIdle(state, found)
    assertNameIsFree(state, newName)
    const catalog = found.type === 'managed' ? brokerOf(state, found).catalog : undefined
    const isTold =
      found.type === 'managed' && catalog && planById(catalog, found.plan_id)?.offering.allow_context_updates
    if (isTold) return { told: structuredClone(found), done: undefined }
    found.name = newName
    return { told: undefined, done: structuredClone(found) }
  })
  if (renamed.done) return renamed.done
  return sendUpdate(world, renamed.told, { name: newName }, undefined, options)
}

function planChange(
  state: PlatformState,
  instance: ManagedInstance,
  { plan: planName }: InstanceUpdate,
): InstanceChange | undefined {
  if (planName === undefined) return undefined
  const broker = brokerOf(state, instance)
  const current = planById(broker.catalog, instance.plan_id)
  const wanted = current?.offering.plans.find(({ name }) => name === planName)
  const name = instance.offering_name
  if (!current || !wanted) {
    const next = `Run "osb marketplace -e ${name}" to see its plans.`
    throw new PlatformError('NOT_FOUND', `there is no service plan ${planName} of ${name}`, next)
  }
  if (wanted.id === instance.plan_id) return undefined
  if (!planTraits(current.offering, current.plan).planUpdateable)
    throw new PlatformError(
      'NOT_SUPPORTED',
      `instances of plan ${current.plan.name} of ${name} cannot change to another plan`,
      'Create a new instance of the other plan.',
    )
  if (!mayOrder(state, broker, wanted.id))
    throw new PlatformError(
      'NOT_FOUND',
      `nobody has been given access to plan ${planName} of ${name}`,
      `Run "osb enable-service-access ${name} -p ${planName}".`,
    )
  return { plan_id: wanted.id, maintenance_info: (wanted.maintenance_info ?? undefined) as JsonObject | undefined }
}

async function sendUpdate(
  world: World,
  instance: ManagedInstance,
  change: InstanceChange,
  parameters: JsonObject | undefined,
  options: OperationOptions,
): Promise<ManagedInstance> {
  const { signal, onProgress } = options
  const begun = beginning(world, 'update', change)
  const { broker, state } = await world.file.change((changing) => {
    const record = instanceIn(changing, instance.guid)
    if (!record) throw goneMeanwhile(instance.name)
    assertIdle(changing, record)
    record.last_operation = begun
    return { broker: brokerOf(changing, instance), state: changing }
  })
  const requests = await world.requests()
  const target = { ...instance, plan_id: change.plan_id ?? instance.plan_id, name: change.name ?? instance.name }
  const found = planById(broker.catalog, target.plan_id)
  const call = requests.update({ state, previous: instance, instance: target, plan: found?.plan, parameters })
  const details = { originatingIdentity: requests.identity(state), signal }
  try {
    const client = await world.client(broker)
    const answer = await client.update({ ...call, accepts_incomplete: true }, details)
    if (answer.outcome === 'accepted') {
      await world.file.change((changing) => accept(instanceIn(changing, instance.guid), answer.body.operation, options))
      if (options.wait === false) return readBack(world, instance)
      const pending = { ...pendingOf(instance, begun), accepted: answer }
      await client.awaitOperation(pending, { ...details, onProgress })
    }
    await succeedUpdate(world, instance.guid, begun, answer.body.dashboard_url)
  } catch (error) {
    await (isFailureOfBroker(error) ? failOperation(world, instance.guid, begun, error) : abandon(world, instance.guid))
    throw error
  }
  return readBack(world, instance)
}

/** Keeps the end of an update that was polled, by whatever process. */
export async function succeedUpdate(
  world: World,
  guid: string,
  operation: LastOperationRecord,
  dashboard_url?: string | null,
): Promise<void> {
  await world.file.change((state) => {
    const record = during(instanceIn(state, guid), operation)
    if (record?.type !== 'managed') return
    const { plan_id, maintenance_info, name } = record.last_operation.change ?? {}
    const broker = state.brokers.find((each) => each.guid === record.broker_guid)
    const plan = plan_id === undefined || !broker ? undefined : planById(broker.catalog, plan_id)?.plan
    if (plan) Object.assign(record, { plan_id: plan.id, plan_name: plan.name, maintenance_info: null })
    record.maintenance_info = maintenance_info ?? record.maintenance_info
    record.name = name ?? record.name
    record.dashboard_url = dashboard_url ?? record.dashboard_url
    record.last_operation = ended(world, record.last_operation, 'succeeded')
  })
}

/** Keeps that an operation on an instance, other than its create, has failed. */
export async function failOperation(
  world: World,
  guid: string,
  operation: LastOperationRecord,
  error: unknown,
): Promise<void> {
  await world.file.change((state) => {
    const record = during(instanceIn(state, guid), operation)
    if (record) record.last_operation = ended(world, record.last_operation, 'failed', saidBy(error))
  })
}
