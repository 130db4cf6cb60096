import type { Catalog, ServicePlan } from 'osb-protocol'

/** The last catalog that a client has read through its cache. */
export interface CatalogCache {
  copy: { readonly body: Catalog; readonly etag: string | undefined; readonly atMs: number } | undefined
  /** The reading that is under way, which all callers share. */
  reading: Promise<Catalog> | undefined
  /** Whether the copy is known to be out of date. */
  isStale: boolean
}

/** A cache that has nothing yet. */
export const emptyCatalogCache = (): CatalogCache => ({ copy: undefined, reading: undefined, isStale: false })

/** A plan of the copy, whatever its age; nothing is asked of the broker. */
export function knownPlan({ copy }: CatalogCache, plan_id: string | undefined): ServicePlan | undefined {
  if (plan_id === undefined) return undefined
  return copy?.body.services.flatMap(({ plans }) => plans).find(({ id }) => id === plan_id)
}

/** What the offering asks of the platform, by the copy; undefined when the copy does not have the offering. */
export function knownRequires({ copy }: CatalogCache, service_id: unknown): readonly string[] | undefined {
  const offering = copy?.body.services.find(({ id }) => id === service_id)
  return offering && (offering.requires ?? [])
}
