import type { JsonObject } from 'osb-protocol'
import { hideWriteOnly } from '../offering/hide-write-only.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { PlanParameters } from '../offering/parameters.js'
import { toPublishedSchema } from '../offering/to-published-schema.js'

/** An offering together with one of its plans. */
export interface PlanChoice {
  readonly offering: OfferingDefinition
  readonly plan: PlanDefinition
}

/** Finds offerings and plans by their ids; a plan only within its own offering. */
export interface OfferingIndex {
  find(service_id: string, plan_id: string): PlanChoice | undefined
  offering(service_id: string): OfferingDefinition | undefined
  /**
   * Parameters as a fetch may show them: without what any plan of the offering declares `writeOnly`, whichever plan it
   * was given for. Undefined, which is all hidden, where there is no such offering any more.
   */
  readable(service_id: string, what: 'instance' | 'binding', parameters: JsonObject | undefined): JsonObject | undefined
}

const kinds = { instance: ['provision', 'update'], binding: ['bind'] } as const

export function indexOfferings(offerings: readonly OfferingDefinition[]): OfferingIndex {
  const byId = new Map(
    offerings.map((offering) => [
      offering.id,
      { offering, plans: new Map(offering.plans.map((plan) => [plan.id, plan])), schemas: schemasOf(offering) },
    ]),
  )
  return {
    find(service_id, plan_id) {
      const entry = byId.get(service_id)
      const plan = entry?.plans.get(plan_id)
      return entry && plan ? { offering: entry.offering, plan } : undefined
    },
    offering: (service_id) => byId.get(service_id)?.offering,
    readable(service_id, what, parameters) {
      const schemas = byId.get(service_id)?.schemas(what)
      return parameters && schemas && hideWriteOnly(schemas, parameters)
    },
  }
}

/** The schemas that parameters of an instance or a binding may have been given by; made when first asked for. */
function schemasOf({ plans }: OfferingDefinition) {
  const made = new Map<string, readonly JsonObject[]>()
  return (what: keyof typeof kinds): readonly JsonObject[] => {
    const schemas = made.get(what) ?? plans.flatMap(({ parameters }) => published(parameters, kinds[what]))
    made.set(what, schemas)
    return schemas
  }
}

function published(parameters: PlanParameters | undefined, wanted: readonly (keyof PlanParameters)[]): JsonObject[] {
  return wanted.flatMap((kind) => {
    const definition = parameters?.[kind]
    if (!definition) return []
    try {
      return [toPublishedSchema(definition, kind)]
    } catch {
      // Only a retired plan can have a schema without such a form; what is secret in it is not known then.
      return [{ writeOnly: true }]
    }
  })
}
