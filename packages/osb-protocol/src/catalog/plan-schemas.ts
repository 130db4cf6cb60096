import type { Catalog, ServicePlan } from '../schemas/catalog.js'
import type { JsonObject } from '../schemas/common.js'

/** Kind of request → where its schema stands in `schemas` of a plan. */
const places = {
  provision: ['service_instance', 'create'],
  update: ['service_instance', 'update'],
  bind: ['service_binding', 'create'],
} as const
export type ParametersKind = keyof typeof places
export const parametersKinds = Object.keys(places) as readonly ParametersKind[]

/** The schema of one kind of request, with its place in the plan. */
export interface PlanSchema {
  readonly kind: ParametersKind
  readonly path: readonly PropertyKey[]
  readonly schema: JsonObject | undefined
}

export function schemasOfPlan({ schemas }: ServicePlan): PlanSchema[] {
  const of = {
    provision: schemas?.service_instance?.create?.parameters,
    update: schemas?.service_instance?.update?.parameters,
    bind: schemas?.service_binding?.create?.parameters,
  }
  return parametersKinds.map((kind) => ({ kind, path: ['schemas', ...places[kind], 'parameters'], schema: of[kind] }))
}

/** All schemas that there are in a catalog, with their places in it. */
export function schemasOfCatalog({
  services,
}: Catalog): { readonly path: PropertyKey[]; readonly schema: JsonObject }[] {
  return services.flatMap(({ plans }, service) =>
    plans.flatMap((plan, index) =>
      schemasOfPlan(plan).flatMap(({ path, schema }) =>
        schema ? [{ path: ['services', service, 'plans', index, ...path], schema }] : [],
      ),
    ),
  )
}
