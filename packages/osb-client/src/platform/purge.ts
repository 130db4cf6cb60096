import { removeInstance } from './create-instance.js'
import { findInstance, findPlan } from './find.js'
import { PlatformError } from './platform-error.js'
import type { PlatformState } from './state.js'
import type { World } from './world.js'

/** Forgets an instance without asking its broker; see {@link Platform.purgeInstance}. */
export async function purgeInstance({ file }: World, name: string): Promise<void> {
  await file.change((state) => removeInstance(state, findInstance(state, name).guid))
}

/**
 * Forgets an offering with all its instances, without asking its broker; see {@link Platform.purgeOffering}.
 * @returns the names of the instances
 */
export async function purgeOffering({ file }: World, name: string, brokerName?: string): Promise<readonly string[]> {
  return file.change((state) => {
    const { broker, offering } = offeringOf(state, name, brokerName)
    const gone = state.instances.filter(
      (each) => each.type === 'managed' && each.broker_guid === broker.guid && each.service_id === offering.id,
    )
    for (const { guid } of gone) removeInstance(state, guid)
    broker.catalog = { ...broker.catalog, services: broker.catalog.services.filter(({ id }) => id !== offering.id) }
    for (const { id } of offering.plans) delete broker.access[id]
    return gone.map((each) => each.name)
  })
}

function offeringOf(state: PlatformState, name: string, brokerName: string | undefined) {
  const first = state.brokers
    .filter((broker) => brokerName === undefined || broker.name === brokerName)
    .flatMap(({ catalog }) => catalog.services.filter((each) => each.name === name))[0]?.plans[0]?.name
  if (first === undefined) {
    const next = 'Run "osb service-access" to see the offerings of the registered brokers.'
    throw new PlatformError('NOT_FOUND', `there is no service offering ${name}`, next)
  }
  // Whoever may not order it may have to forget it all the same.
  const open = { ...state, brokers: state.brokers.map((broker) => ({ ...broker, isRegistered: false })) }
  const { broker } = findPlan(open, name, first, (each) => brokerName === undefined || each.name === brokerName)
  const own = state.brokers.find(({ guid }) => guid === broker.guid) as typeof broker
  const offering = own.catalog.services.find((each) => each.name === name) as (typeof own.catalog.services)[0]
  return { broker: own, offering }
}
