import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { refuseFaultyCatalog } from '../catalog/lint-catalog.js'

/** An offering with its plans by id. */
export interface IndexedOffering {
  readonly offering: ServiceOffering
  readonly plans: ReadonlyMap<string, ServicePlan>
}

/** One version of the catalog: what is sent, and what requests are checked against. */
export interface CatalogSnapshot {
  readonly offerings: ReadonlyMap<string, IndexedOffering>
  readonly json: string
  readonly lengthBytes: number
  /** Strong: a hash of the bytes. */
  readonly etag: string
}

/**
 * Checks a catalog, writes it out once and makes the index over its offerings and plans.
 * @throws {TypeError} that names each fault with its place and requirement
 */
export async function toCatalogSnapshot(catalog: Catalog): Promise<CatalogSnapshot> {
  refuseFaultyCatalog(catalog)
  const json = JSON.stringify(catalog)
  const bytes = new TextEncoder().encode(json)
  return { offerings: indexOfferings(catalog), json, lengthBytes: bytes.length, etag: await hashOf(bytes) }
}

function indexOfferings({ services }: Catalog): ReadonlyMap<string, IndexedOffering> {
  return new Map(
    services.map((offering) => [
      offering.id,
      { offering, plans: new Map(offering.plans.map((plan) => [plan.id, plan])) },
    ]),
  )
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `"${btoa(String.fromCharCode(...digest.subarray(0, 24)))}"`
}
