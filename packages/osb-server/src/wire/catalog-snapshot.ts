import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { refuseFaultyCatalog } from '../catalog/lint-catalog.js'
import { schemasOfPlan } from 'osb-protocol/catalog'
import type { PlanParameters } from '../offering/parameters.js'
import type { ParametersLookup } from './check-parameters.js'

/** An offering with its plans by id. */
export interface IndexedOffering {
  readonly offering: ServiceOffering
  readonly plans: ReadonlyMap<string, ServicePlan>
}

/** One version of the catalog: what is sent, and what requests are checked against. */
export interface CatalogSnapshot {
  readonly offerings: ReadonlyMap<string, IndexedOffering>
  /** The schemas of a plan, as parameters that are validated by them. */
  readonly parametersOf: ParametersLookup
  /** The catalog as JSON in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Strong: a hash of the bytes. */
  readonly etag: string
}

/**
 * Checks a catalog, writes it out once and makes the index over its offerings and plans.
 * @param runsSchemas whether the schemas of the catalog validate parameters, as nothing else does
 * @throws {TypeError} that names each fault with its place and requirement
 */
export async function toCatalogSnapshot(catalog: Catalog, runsSchemas: boolean): Promise<CatalogSnapshot> {
  refuseFaultyCatalog(catalog, runsSchemas)
  const bytes = new TextEncoder().encode(JSON.stringify(catalog))
  const offerings = indexOfferings(catalog)
  return {
    offerings,
    parametersOf: parametersIn(offerings),
    bytes,
    etag: await hashOf(bytes),
  }
}

function indexOfferings({ services }: Catalog): ReadonlyMap<string, IndexedOffering> {
  return new Map(
    services.map((offering) => [
      offering.id,
      { offering, plans: new Map(offering.plans.map((plan) => [plan.id, plan])) },
    ]),
  )
}

function parametersIn(offerings: ReadonlyMap<string, IndexedOffering>): ParametersLookup {
  return (service_id, plan_id) => {
    const plan = offerings.get(service_id)?.plans.get(plan_id)
    return plan && toParameters(plan)
  }
}

function toParameters(plan: ServicePlan): PlanParameters {
  const given = schemasOfPlan(plan).flatMap(({ kind, schema }) => (schema ? [[kind, { jsonSchema: schema }]] : []))
  return Object.fromEntries(given) as PlanParameters
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `"${btoa(String.fromCharCode(...digest.subarray(0, 24)))}"`
}
