import type { Catalog, JsonObject, ServiceOffering, ServicePlan } from 'osb-protocol'
import { planTraits } from '../catalog/plan-traits.js'
import { typeOfSchema } from './type-of-schema.js'
import { commentOf, keyOf, literalKeyOf, textOf } from './write-text.js'

/**
 * Writes TypeScript for one broker: its offerings, plans and parameters as types, and a client that knows them by
 * name. The same catalog gives the same bytes, whatever the order in which the broker lists things; the text imports
 * nothing but `osb-client`.
 * @returns the source of a module that exports `BrokerCatalog`, `catalogIds` and `createCatalogClient`
 * @throws {TypeError} when two offerings, or two plans of one, have the same name (CAT-18, CAT-33)
 * @example
 * const catalog = await client.cachedCatalog()
 * await writeFile('src/broker.generated.ts', generateCatalogClient(catalog))
 * // const broker = createCatalogClient(client)
 * // await broker.mysql.small.provisionAndWait({ instance_id, parameters: { charset: 'utf8mb4' } })
 */
export function generateCatalogClient(catalog: Catalog): string {
  const offerings = byName(catalog.services, 'offerings').map((offering) => ({
    offering,
    plans: byName(offering.plans, `plans of ${offering.name}`),
  }))
  const types = offerings.flatMap(({ offering, plans }) => [
    `  ${commentOf(offering.description)}`,
    `  readonly ${keyOf(offering.name)}: {`,
    ...plans.flatMap((plan) => planType(offering, plan)),
    '  }',
  ])
  const ids = offerings.flatMap(({ offering, plans }) => [
    `  ${literalKeyOf(offering.name)}: {`,
    `    service_id: ${textOf(offering.id)},`,
    '    plans: {',
    ...plans.map((plan) => {
      const { bindable } = planTraits(offering, plan)
      return `      ${literalKeyOf(plan.name)}: { plan_id: ${textOf(plan.id)}, bindable: ${bindable} },`
    }),
    '    },',
    '  },',
  ])
  return [
    '// Made from the catalog of a broker by osb-client. Do not change it: make it again.',
    "import { type BrokerClient, catalogClient, type CatalogClient } from 'osb-client'",
    '',
    '/** Offerings and plans by name, with the parameters that they take. */',
    'export interface BrokerCatalog {',
    ...types,
    '}',
    '',
    '/** The ids behind the names. */',
    'export const catalogIds = {',
    ...ids,
    '} as const',
    '',
    '/** A client that knows offerings, plans and parameters by name. */',
    'export function createCatalogClient(client: BrokerClient): CatalogClient<BrokerCatalog> {',
    '  return catalogClient<BrokerCatalog>(client, catalogIds)',
    '}',
    '',
  ].join('\n')
}

function byName<Named extends { readonly name: string }>(all: readonly Named[], what: string): readonly Named[] {
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const twice = sorted.find(({ name }, at) => sorted[at + 1]?.name === name)
  if (twice) throw new TypeError(`two ${what} have the name ${twice.name}`)
  return sorted
}

function planType(offering: ServiceOffering, plan: ServicePlan): string[] {
  const { service_instance, service_binding } = plan.schemas ?? {}
  return [
    `    ${commentOf(plan.description)}`,
    `    readonly ${keyOf(plan.name)}: {`,
    `      readonly provision: ${parametersType(service_instance?.create)}`,
    `      readonly update: ${parametersType(service_instance?.update)}`,
    `      readonly bind: ${planTraits(offering, plan).bindable ? parametersType(service_binding?.create) : 'never'}`,
    '    }',
  ]
}

function parametersType(schema: { readonly parameters?: JsonObject | undefined } | undefined): string {
  const type = schema?.parameters === undefined ? 'unknown' : typeOfSchema(schema.parameters)
  // Parameters are an object, whatever the schema says (PROV-11).
  return type === 'unknown' ? '{ readonly [name: string]: unknown }' : type
}
