import type { Catalog } from 'osb-protocol'
import type { ConformanceOptions } from './conformance-options.js'
import { type PlanUnderTest, planUnderTest } from './plan-under-test.js'

/** The plans that instances are made of: those named, or all, or one of each offering, a free one where there is one. */
export function choosePlans(
  { services }: Catalog,
  { plans: wanted, allPlans }: Pick<ConformanceOptions, 'plans' | 'allPlans'>,
): readonly PlanUnderTest[] {
  return services.flatMap((offering) => {
    const all = offering.plans.map((plan) => planUnderTest(offering, plan))
    if (wanted) return all.filter(({ plan }) => wanted.includes(plan.id) || wanted.includes(plan.name))
    if (allPlans) return all
    return [
      all.find(({ traits }) => traits.free && traits.bindable) ?? all.find(({ traits }) => traits.free) ?? all[0],
    ].filter((plan) => plan !== undefined)
  })
}
