import { randomUUID } from 'node:crypto'
import type { JsonObject, ProvisionCall } from 'osb-protocol'
import { planTraits } from '../catalog/plan-traits.js'
import { isFailureOfBroker, mitigate } from './failures.js'
import { findPlan, planById } from './find.js'
import {
  abandon,
  accept,
  beginning,
  during,
  ended,
  failedCreate,
  instanceIn,
  type OperationOptions,
  pendingOf,
} from './operations.js'
import { PlatformError } from './platform-error.js'
import type { BrokerRecord, ManagedInstance, PlatformState } from './state.js'
import { addUnregistered, dropUnused, isWantedBroker } from './unregistered.js'
import type { World } from './world.js'

/** What to order. */
export interface InstanceOrder {
  readonly offering: string
  readonly plan: string
  readonly name: string
  /** Of the broker, where several have such an offering. */
  readonly broker?: string | undefined
  readonly parameters?: JsonObject | undefined
  readonly tags?: readonly string[] | undefined
}

/** Orders an instance; see {@link Platform.createInstance}. */
export async function createInstance(
  world: World,
  order: InstanceOrder,
  options: OperationOptions,
  run_guid?: string,
): Promise<ManagedInstance> {
  const { instance, broker, state, plan } = await world.file.change((changing) => {
    addUnregistered(changing, world)
    const found = findPlan(changing, order.offering, order.plan, isWantedBroker(world, order.broker))
    assertNameIsFree(changing, order.name)
    const made = newInstance(world, changing, found, order, run_guid)
    changing.instances.push(made)
    return { instance: structuredClone(made), broker: found.broker, plan: found.plan, state: changing }
  })
  const { parameters } = order
  const call = (await world.requests()).provision({ state, instance, plan, parameters })
  await provision(world, broker, state, instance, call, options)
  return readBack(world, instance)
}

/**
 * @throws {PlatformError} `EXISTS`
 */
export function assertNameIsFree({ instances, target }: PlatformState, name: string): void {
  if (!instances.some((each) => each.name === name && each.space_guid === target.space_guid)) return
  const message = `a service instance ${name} is there already`
  throw new PlatformError('EXISTS', message, 'Choose another name, or delete it with "osb delete-service".')
}

function newInstance(
  world: World,
  { target }: PlatformState,
  { broker, offering, plan }: ReturnType<typeof findPlan>,
  { name, tags = [] }: InstanceOrder,
  run_guid: string | undefined,
): ManagedInstance {
  const last_operation = beginning(world, 'create')
  return {
    guid: randomUUID(),
    name,
    type: 'managed',
    space_guid: target.space_guid,
    broker_guid: broker.guid,
    service_id: offering.id,
    plan_id: plan.id,
    offering_name: offering.name,
    plan_name: plan.name,
    tags: [...tags],
    dashboard_url: null,
    maintenance_info: plan.maintenance_info ?? null,
    created_at: last_operation.created_at,
    last_operation,
    ...(run_guid !== undefined && { run_guid }),
  }
}

async function provision(
  world: World,
  broker: BrokerRecord,
  state: PlatformState,
  instance: ManagedInstance,
  call: ProvisionCall,
  options: OperationOptions,
): Promise<void> {
  const { signal, onProgress } = options
  const originatingIdentity = (await world.requests()).identity(state)
  const details = { originatingIdentity, signal }
  let dashboard_url: string | null = null
  try {
    const client = await world.client(broker)
    const answer = await client.provision({ ...call, accepts_incomplete: true }, details)
    dashboard_url = answer.body.dashboard_url ?? null
    if (answer.outcome === 'accepted') {
      const accepted = await world.file.change((changing) => {
        const record = instanceIn(changing, instance.guid)
        accept(record, answer.body.operation, options)
        if (record?.type === 'managed') record.dashboard_url = dashboard_url
        return structuredClone(record)
      })
      if (options.wait === false || accepted?.type !== 'managed') return
      const limit = planById(broker.catalog, instance.plan_id)?.plan.maximum_polling_duration
      const pending = { ...pendingOf(accepted, accepted.last_operation), accepted: answer }
      await client.awaitOperation(pending, { ...details, onProgress, maximum_polling_duration: limit })
    }
  } catch (error) {
    await (isFailureOfBroker(error) ? failCreate(world, broker, instance, error) : abandon(world, instance.guid))
    throw error
  }
  await succeedCreate(world, broker, instance, dashboard_url)
}

/** Keeps the end of a create that was polled, by whatever process. */
export async function succeedCreate(
  world: World,
  broker: BrokerRecord,
  instance: ManagedInstance,
  dashboard_url: string | null,
): Promise<void> {
  const url = dashboard_url ?? (await fetchDashboard(world, broker, instance))
  await world.file.change((changing) => {
    const record = during(instanceIn(changing, instance.guid), instance.last_operation)
    if (record?.type !== 'managed') return
    record.last_operation = ended(world, record.last_operation, 'succeeded')
    record.dashboard_url = url ?? record.dashboard_url
  })
}

/** Takes back what a failed create left, and keeps what the broker still has. */
export async function failCreate(
  world: World,
  broker: BrokerRecord,
  instance: ManagedInstance,
  error: unknown,
): Promise<void> {
  const { service_id, plan_id } = instance
  const orphan = { target: 'instance', instance_id: instance.guid, service_id, plan_id } as const
  const remains = await mitigate(world, broker, error, orphan)
  await world.file.change((changing) => {
    if (remains === 'nothing') return removeInstance(changing, instance.guid)
    const record = during(instanceIn(changing, instance.guid), instance.last_operation)
    if (record) record.last_operation = failedCreate(world, record.last_operation, error, remains)
  })
}

/** Forgets an instance with its bindings, and a broker that was here for its sake only. */
export function removeInstance(state: PlatformState, guid: string): void {
  state.instances = state.instances.filter((each) => each.guid !== guid)
  state.bindings = state.bindings.filter(({ instance_guid }) => instance_guid !== guid)
  dropUnused(state)
}

/** As Cloud Controller does: best effort, and only where the offering says that it can be fetched. */
async function fetchDashboard(world: World, broker: BrokerRecord, instance: ManagedInstance): Promise<string | null> {
  const found = planById(broker.catalog, instance.plan_id)
  if (!found || !planTraits(found.offering, found.plan).instancesRetrievable) return null
  try {
    const client = await world.client(broker)
    const { body } = await client.fetchInstance({ instance_id: instance.guid })
    return body.dashboard_url ?? null
  } catch {
    return null
  }
}

/** The instance as it stands now. */
export function readBack(world: World, { guid, name }: ManagedInstance): ManagedInstance {
  const record = instanceIn(world.file.read(), guid)
  if (record?.type === 'managed') return record
  throw goneMeanwhile(name)
}

/** What another process has removed since this one looked. */
export function goneMeanwhile(name: string): PlatformError {
  return new PlatformError('NOT_FOUND', `service instance ${name} was removed meanwhile`, 'Run "osb services" to see.')
}
