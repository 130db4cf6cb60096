import type { PlanDefinition } from '../offering/define-plan.js'
import type { OfferingDefinition } from '../offering/define-offering.js'

/** An offering together with one of its plans. */
export interface PlanChoice {
  readonly offering: OfferingDefinition
  readonly plan: PlanDefinition
}

/** Finds offerings and plans by their ids; a plan only within its own offering. */
export interface OfferingIndex {
  find(service_id: string, plan_id: string): PlanChoice | undefined
}

export function indexOfferings(offerings: readonly OfferingDefinition[]): OfferingIndex {
  const byId = new Map(
    offerings.map((offering) => [
      offering.id,
      { offering, plans: new Map(offering.plans.map((plan) => [plan.id, plan])) },
    ]),
  )
  return {
    find(service_id, plan_id) {
      const entry = byId.get(service_id)
      const plan = entry?.plans.get(plan_id)
      return entry && plan ? { offering: entry.offering, plan } : undefined
    },
  }
}
