import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { PlatformError } from './platform-error.js'
import type { AppRecord, BindingRecord, BrokerRecord, InstanceRecord, ManagedInstance, PlatformState } from './state.js'

/**
 * The broker with this name.
 * @throws {PlatformError} `NOT_FOUND`
 */
export function findBroker({ brokers }: PlatformState, name: string): BrokerRecord {
  const broker = brokers.find((each) => each.isRegistered && each.name === name)
  return broker ?? missing('service broker', name, 'Run "osb service-brokers" to see those that are registered.')
}

/** The broker that an instance belongs to. */
export function brokerOf({ brokers }: PlatformState, { broker_guid, name }: ManagedInstance): BrokerRecord {
  const broker = brokers.find(({ guid }) => guid === broker_guid)
  const next = `Run "osb purge-service-instance ${name}" to forget the instance.`
  if (broker) return broker
  throw new PlatformError('STATE', `the broker of service instance ${name} is not known any more`, next)
}

/**
 * The instance with this name in the targeted space.
 * @throws {PlatformError} `NOT_FOUND`
 */
export function findInstance(state: PlatformState, name: string): InstanceRecord {
  const { space_guid } = state.target
  const instance = state.instances.find((each) => each.name === name && each.space_guid === space_guid)
  return instance ?? missing('service instance', name, 'Run "osb services" to see those of the targeted space.')
}

/** As {@link findInstance}, for what only a broker's instance can. */
export function findManaged(state: PlatformState, name: string): ManagedInstance {
  const instance = findInstance(state, name)
  if (instance.type === 'managed') return instance
  const message = `service instance ${name} is user-provided, and no broker knows it`
  throw new PlatformError('NOT_SUPPORTED', message, 'Use the verbs for user-provided ones: update- or delete-service.')
}

/**
 * The app with this name in the targeted space.
 * @throws {PlatformError} `NOT_FOUND`
 */
export function findApp(state: PlatformState, name: string): AppRecord {
  const app = state.apps.find((each) => each.name === name && each.space_guid === state.target.space_guid)
  return app ?? missing('app', name, 'An app exists from its first bind-service or run; "osb apps" shows them.')
}

/**
 * The key of an instance with this name.
 * @throws {PlatformError} `NOT_FOUND`
 */
export function findKey(state: PlatformState, instance: string, key: string): BindingRecord {
  const found = bindingsOf(state, findInstance(state, instance)).find(
    ({ type, name }) => type === 'key' && name === key,
  )
  if (found) return found
  const next = `Run "osb service-keys ${instance}" to see those that there are.`
  throw new PlatformError('NOT_FOUND', `service instance ${instance} has no key ${key}`, next)
}

/** The bindings of an instance, oldest first. */
export function bindingsOf({ bindings }: PlatformState, { guid }: { readonly guid: string }): BindingRecord[] {
  return bindings.filter(({ instance_guid }) => instance_guid === guid)
}

/** Offering and plan of a catalog by the plan's id. */
export function planById(
  { services }: Catalog,
  plan_id: string,
): { readonly offering: ServiceOffering; readonly plan: ServicePlan } | undefined {
  for (const offering of services) {
    const plan = offering.plans.find(({ id }) => id === plan_id)
    if (plan) return { offering, plan }
  }
  return undefined
}

/** A plan that can be ordered, with all that it belongs to. */
export interface FoundPlan {
  readonly broker: BrokerRecord
  readonly offering: ServiceOffering
  readonly plan: ServicePlan
}

/** Whether the targeted organization may order a plan. */
export function mayOrder({ target }: PlatformState, { access, isRegistered }: BrokerRecord, plan_id: string): boolean {
  const own = access[plan_id]
  return (
    !isRegistered || own?.everyone === true || (own?.organization_guids.includes(target.organization_guid) ?? false)
  )
}

/**
 * The plan of an offering, both by name.
 * @param brokerName of the broker, where several have such an offering
 * @throws {PlatformError} `NOT_FOUND`, also where nobody may order it; `AMBIGUOUS`
 */
export function findPlan(
  state: PlatformState,
  offeringName: string,
  planName: string,
  isWanted: (broker: BrokerRecord) => boolean,
): FoundPlan {
  const offerings = state.brokers
    .filter(isWanted)
    .flatMap((broker) =>
      broker.catalog.services.filter(({ name }) => name === offeringName).map((offering) => ({ broker, offering })),
    )
  if (offerings.length === 0)
    return missing('service offering', offeringName, 'Run "osb marketplace" to see what can be ordered.')
  if (offerings.length > 1) {
    const names = offerings.map(({ broker }) => broker.name).join(', ')
    const message = `several brokers have a service offering ${offeringName}: ${names}`
    throw new PlatformError('AMBIGUOUS', message, 'Say which with -b BROKER.')
  }
  const [found] = offerings as [(typeof offerings)[0]]
  const { broker, offering } = found
  const plan = offering.plans.find(({ name }) => name === planName)
  const has = `${offeringName} has the plans: ${offering.plans.map(({ name }) => name).join(', ')}.`
  if (!plan) return missing('service plan', planName, has)
  if (mayOrder(state, broker, plan.id)) return { broker, offering, plan }
  const message = `nobody has been given access to plan ${planName} of ${offeringName}`
  throw new PlatformError('NOT_FOUND', message, `Run "osb enable-service-access ${offeringName} -p ${planName}".`)
}

function missing(what: string, name: string, next: string): never {
  throw new PlatformError('NOT_FOUND', `there is no ${what} ${name}`, next)
}
