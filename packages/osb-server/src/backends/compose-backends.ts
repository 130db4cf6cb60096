import type { Catalog, ProvisionOutcome, ServiceOffering } from 'osb-protocol'
import type { BrokerBackend, RequestDetails } from '../backend.js'
import { isOsbError, OsbError } from '../errors.js'
import { type InstancePlaces, memoryPlaces, unknownPlace } from './instance-places.js'
import { composedOffering, type IdCall, prefixed, withoutPrefix } from './prefixed-ids.js'

/** One of the back ends that are joined. */
export interface BackendPart {
  /**
   * Stands before the ids of this back end's offerings and plans, and before the names of its offerings, so that two
   * of the same kind can be joined. The empty string leaves them as they are. Never change it: instances are found by it.
   */
  readonly prefix: string
  readonly backend: BrokerBackend
  /**
   * Which offerings, by their own ids, are shown in the catalog. Default: all. Instances of hidden ones can still be
   * fetched, polled and deleted.
   */
  readonly offerings?: ((offering: ServiceOffering) => boolean) | undefined
}

export interface ComposeOptions {
  /**
   * Which back end has an instance, for requests that do not say so. Default: kept in memory, 10,000 instances; after
   * a restart, such requests are then answered 404.
   */
  readonly places?: InstancePlaces | undefined
}

/**
 * Joins back ends to one, such as the brokers of several regions or teams. Calls go to the back end whose prefix their
 * `service_id` begins with (the longest one that fits); fetches, polls and rotations without it go where the instance
 * was made. The catalog is that of all, and cannot be had while one of them cannot be.
 * @throws {TypeError} when there is no part, or a prefix is there twice; from `catalog`, when the
 *   id of an offering begins with the prefix of another back end
 * @example
 * const backend = composeBackends([
 *   { prefix: 'eu-', backend: proxyBackend(europe) },
 *   { prefix: 'us-', backend: proxyBackend(america), offerings: ({ name }) => name !== 'beta' },
 * ])
 */
export function composeBackends(parts: readonly BackendPart[], options: ComposeOptions = {}): BrokerBackend {
  checkPrefixes(parts)
  const { places = memoryPlaces() } = options
  const byLength = parts.toSorted((one, other) => other.prefix.length - one.prefix.length)
  const partOf = (service_id: string) => byLength.find(({ prefix }) => service_id.startsWith(prefix))

  /** Where a call goes: its offering says it, or else its instance. */
  async function find({ service_id, instance_id }: IdCall, { tenant }: RequestDetails): Promise<BackendPart> {
    const named = service_id === undefined ? undefined : partOf(service_id)
    if (named) return named
    const place = await places.find({ tenant, instance_id })
    const known = parts.find(({ prefix }) => prefix === place?.prefix)
    if (!known) throw unknownPlace()
    return known
  }

  const route =
    <Call extends IdCall, Outcome>(
      send: (backend: BrokerBackend, call: Call, details: RequestDetails) => Promise<Outcome>,
    ) =>
    async (call: Call, details: RequestDetails): Promise<Outcome> => {
      const { backend, prefix } = await find(call, details)
      return send(backend, withoutPrefix(call, prefix), details)
    }

  return {
    catalog: async (_call, details) => ({ outcome: 'found', body: await joinCatalogs(parts, partOf, details) }),
    async provision(call, details) {
      const { backend, prefix } = await find(call, details)
      return provisionAt(places, prefix, call, details, () => backend.provision(withoutPrefix(call, prefix), details))
    },
    async fetchInstance(call, details) {
      const { backend, prefix } = await find(call, details)
      const { body } = await backend.fetchInstance(withoutPrefix(call, prefix), details)
      return { outcome: 'found', body: prefixed(body, prefix) }
    },
    update: route((backend, call, details) => backend.update(call, details)),
    async deprovision(call, details) {
      const { backend, prefix } = await find(call, details)
      const outcome = await backend.deprovision(withoutPrefix(call, prefix), details)
      const key = { tenant: details.tenant, instance_id: call.instance_id }
      await (outcome.outcome === 'accepted' ? places.keep(key, { prefix, deleting: true }) : places.forget(key))
      return outcome
    },
    lastInstanceOperation: route((backend, call, details) => backend.lastInstanceOperation(call, details)),
    bind: route((backend, call, details) => backend.bind(call, details)),
    fetchBinding: route((backend, call, details) => backend.fetchBinding(call, details)),
    unbind: route((backend, call, details) => backend.unbind(call, details)),
    lastBindingOperation: route((backend, call, details) => backend.lastBindingOperation(call, details)),
  }
}

function checkPrefixes(parts: readonly BackendPart[]): void {
  if (parts.length === 0) throw new TypeError('composeBackends needs at least one back end')
  const prefixes = parts.map(({ prefix }) => prefix)
  const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index)
  if (twice !== undefined) throw new TypeError(`the prefix ${JSON.stringify(twice)} is there twice`)
}

/** @throws {TypeError} when an id of one back end begins with the prefix of another, so that calls would go astray */
async function joinCatalogs(
  parts: readonly BackendPart[],
  partOf: (service_id: string) => BackendPart | undefined,
  details: RequestDetails,
): Promise<Catalog> {
  const services = await Promise.all(
    parts.map(async (part) => {
      const outcome = await part.backend.catalog({}, details)
      if (outcome.outcome !== 'found')
        throw new TypeError('a back end answered a catalog call without etag "unchanged"')
      const shown = outcome.body.services.filter(part.offerings ?? (() => true))
      return shown.map((offering) => composedOffering(offering, part.prefix))
    }),
  )
  for (const [index, part] of parts.entries())
    for (const { id } of services[index] ?? [])
      if (partOf(id) !== part)
        throw new TypeError(
          `the offering ${id} of the back end ${JSON.stringify(part.prefix)} looks like one of another`,
        )
  return { services: services.flat() }
}

/**
 * The place is noted before the instance is made, so that it is known whatever happens then. Only a refusal says that
 * there is nothing; after a 5xx the platform deletes what there may be.
 */
async function provisionAt(
  places: InstancePlaces,
  prefix: string,
  { instance_id }: IdCall,
  { tenant }: RequestDetails,
  send: () => Promise<ProvisionOutcome>,
): Promise<ProvisionOutcome> {
  const key = { tenant, instance_id }
  const before = await places.find(key)
  if (before && before.prefix !== prefix && !before.deleting)
    throw OsbError.conflict('A service instance with this id exists with other attributes.')
  await places.keep(key, { prefix, deleting: false })
  try {
    return await send()
  } catch (thrown) {
    if (isOsbError(thrown) && thrown.status < 500) await (before ? places.keep(key, before) : places.forget(key))
    throw thrown
  }
}
