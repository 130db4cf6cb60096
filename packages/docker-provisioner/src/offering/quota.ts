import type { Engine } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { labels } from '../labels.js'
import { instanceNames } from '../resource-names.js'
import type { InstanceIds } from './instance-resources.js'

/** How many instances there may be; what is left out has no bound. */
export interface Quota<PlanName extends string = string> {
  /** Of this broker on this engine, all offerings together. */
  readonly host?: number | undefined
  readonly offering?: number | undefined
  readonly plans?: Readonly<Partial<Record<PlanName, number>>> | undefined
  /** Of this offering in each organisation (Cloud Foundry); platforms without organisations are not bounded by it. */
  readonly organization?: number | undefined
}

/** What is counted of an instance. */
interface Counted {
  readonly instance: string
  readonly serviceId: string
  readonly planId: string
  readonly organization: string
}

interface Reservations {
  /** Ends when the look before has ended: one look at a time, so that two cannot both find the last place. */
  queue: Promise<unknown>
  /** Instances that were let in and whose container the engine may not list yet. */
  readonly pending: Map<string, Counted>
}

const reservationsOf = new WeakMap<Engine, Reservations>()

/**
 * Lets an instance in if there is room for it. Exact within one process; several broker processes on one engine may
 * together let in too many at the same moment.
 * @returns a function to call when the instance's container exists or its provision has failed
 * @throws ProvisionerError `OUT_OF_CAPACITY`; nothing was made then
 */
export async function reservePlace(
  engine: Engine,
  quota: Quota,
  ids: InstanceIds,
  signal: AbortSignal,
): Promise<() => void> {
  const reservations = reservationsOf.get(engine) ?? { queue: Promise.resolve(), pending: new Map() }
  reservationsOf.set(engine, reservations)
  const { instance } = instanceNames(ids.tenant, ids.instance_id)
  const wanted = { instance, serviceId: ids.service_id, planId: ids.plan_id, organization: ids.organization ?? '' }
  const look = reservations.queue.then(async () => {
    const others = new Map(reservations.pending)
    for (const counted of await countedOn(engine, ids.broker, signal)) others.set(counted.instance, counted)
    // An instance that is there already, or on its way, has its place.
    if (!others.has(instance)) assertRoom(quota, ids.plan_name, wanted, [...others.values()])
    reservations.pending.set(instance, wanted)
  })
  reservations.queue = look.catch(() => {})
  await look
  return () => void reservations.pending.delete(instance)
}

async function countedOn(engine: Engine, broker: string, signal: AbortSignal): Promise<readonly Counted[]> {
  const services = await engine.list({ [labels.broker]: broker, [labels.role]: 'service' }, { signal })
  return services.map(({ labels: found }) => ({
    instance: found[labels.instance] ?? '',
    serviceId: found[labels.serviceId] ?? '',
    planId: found[labels.planId] ?? '',
    organization: found[labels.organization] ?? '',
  }))
}

function assertRoom(quota: Quota, planName: string, wanted: Counted, others: readonly Counted[]): void {
  const inOffering = others.filter(({ serviceId }) => serviceId === wanted.serviceId)
  const inPlan = inOffering.filter(({ planId }) => planId === wanted.planId)
  const inOrganization = inOffering.filter(({ organization }) => organization === wanted.organization)
  const bounds: readonly (readonly [string, number | undefined, number])[] = [
    ['this broker', quota.host, others.length],
    ['this service', quota.offering, inOffering.length],
    [`the plan ${planName}`, quota.plans?.[planName], inPlan.length],
    ['the organisation', wanted.organization === '' ? undefined : quota.organization, inOrganization.length],
  ]
  for (const [what, most, used] of bounds) {
    if (most === undefined || used < most) continue
    const text = `the quota of ${what} is used up: ${used} of ${most} service instances`
    throw new ProvisionerError('OUT_OF_CAPACITY', text)
  }
}
