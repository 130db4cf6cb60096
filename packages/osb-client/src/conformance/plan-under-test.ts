import type { ServiceOffering, ServicePlan } from 'osb-protocol'
import { type PlanTraits, planTraits } from '../catalog/plan-traits.js'
import type { CheckedPlan } from './result.js'

/** A plan that instances are made of, as the catalog has it. */
export interface PlanUnderTest extends CheckedPlan {
  readonly offering: ServiceOffering
  readonly plan: ServicePlan
  readonly traits: PlanTraits
}

export function planUnderTest(offering: ServiceOffering, plan: ServicePlan): PlanUnderTest {
  return {
    service_id: offering.id,
    plan_id: plan.id,
    name: `${offering.name} / ${plan.name}`,
    offering,
    plan,
    traits: planTraits(offering, plan),
  }
}
