import { randomUUID } from 'node:crypto'
import { PlatformError } from './platform-error.js'
import type { BrokerRecord, PlatformState } from './state.js'
import type { World } from './world.js'

/**
 * Which brokers an order may go to: the named one, else the unregistered one where there is one, else any that is
 * registered.
 */
export function isWantedBroker({ unregistered }: World, name?: string): (broker: BrokerRecord) => boolean {
  if (name !== undefined) return (broker) => broker.isRegistered && broker.name === name
  if (unregistered) return (broker) => !broker.isRegistered && broker.url === unregistered.url
  return (broker) => broker.isRegistered
}

/**
 * Reads the catalog of the broker that was given by flags. Nothing of it is kept until something is ordered from it, and
 * its password never is.
 */
export async function readUnregistered(world: World, signal?: AbortSignal): Promise<BrokerRecord | undefined> {
  const { unregistered, read } = world
  if (!unregistered) return undefined
  const record = recordOf(unregistered)
  const client = await world.client(record)
  read.broker = { ...record, catalog: await client.cachedCatalog({ signal }) }
  return read.broker
}

/** Has the broker that was read stand among the others, in the change that orders from it. */
export function addUnregistered({ brokers }: PlatformState, { read }: World): void {
  const record = read.broker
  if (!record) return
  const known = brokers.find(({ isRegistered, url }) => !isRegistered && url === record.url)
  if (known) Object.assign(known, { ...record, guid: known.guid })
  else brokers.push(structuredClone(record))
}

/** Forgets an unregistered broker that nothing needs. */
export function dropUnused(state: PlatformState): void {
  state.brokers = state.brokers.filter(
    ({ isRegistered, guid }) =>
      isRegistered || state.instances.some((each) => each.type === 'managed' && each.broker_guid === guid),
  )
}

/** A broker that is not registered, as a record without its password and its catalog. */
export function recordOf({
  url,
  login,
  ca,
  skipsTlsValidation = false,
}: NonNullable<World['unregistered']>): BrokerRecord {
  if (!URL.canParse(url)) throw new PlatformError('INVALID', 'the URL of the broker is none', 'Give a whole URL.')
  const named = { guid: randomUUID(), name: new URL(url).host, url, username: login?.username ?? null }
  const rest = { password: null, ca: ca ?? null, skipsTlsValidation, isRegistered: false, catalog: { services: [] } }
  return { ...named, ...rest, access: {} }
}
