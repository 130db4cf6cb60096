import type { PlanDefinition } from './define-plan.js'
import type { PlanParameters } from './parameters.js'

interface WithParameters {
  readonly plans: readonly PlanDefinition[]
  readonly parameters?: PlanParameters | undefined
}

/** Gives the parameters of an offering to its plans, where they have none of their own of that kind. */
export function spreadParameters<Offering extends WithParameters>(offering: Offering): Offering {
  const { parameters, plans } = offering
  if (!parameters) return offering
  return { ...offering, plans: plans.map((plan) => ({ ...plan, parameters: { ...parameters, ...plan.parameters } })) }
}
