import type { OfferingDefinition, PlanDefinition } from 'osb-server'

/** Each plan of an offering is changed. */
export const plansChanged =
  (change: (plan: PlanDefinition) => PlanDefinition) =>
  (offering: OfferingDefinition): OfferingDefinition => ({ ...offering, plans: offering.plans.map(change) })

/** An offering gets other properties. */
export const offeringWith =
  (more: Partial<OfferingDefinition>) =>
  (offering: OfferingDefinition): OfferingDefinition => ({ ...offering, ...more })
