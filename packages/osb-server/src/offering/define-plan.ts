import type { JsonObject, MaintenanceInfo } from 'osb-protocol'
import type { PlanParameters } from './parameters.js'

/** A service plan: its catalog fields under their wire names, and its parameters as schemas. */
export interface PlanDefinition<Name extends string = string, Parameters extends PlanParameters = PlanParameters> {
  /** Globally unique and never changed (CAT-30); a GUID (CAT-31). */
  readonly id: string
  /** Unique in the offering (CAT-33). */
  readonly name: Name
  readonly description: string
  /** Default `true` (CAT-36). */
  readonly free?: boolean
  /** Default: the offering's (CAT-37). */
  readonly bindable?: boolean
  /** Whether other plans can be chosen for its instances later. Default: the offering's (CAT-39). */
  readonly plan_updateable?: boolean
  /** Default `false` (CAT-38). */
  readonly binding_rotatable?: boolean
  /** Seconds after which an operation counts as failed (POL-02). */
  readonly maximum_polling_duration?: number
  readonly maintenance_info?: MaintenanceInfo
  readonly metadata?: JsonObject
  readonly parameters?: Parameters
}

/**
 * Declares a plan, keeping the types of its name and parameters for the handlers of its offering.
 * @example definePlan({ id: '…', name: 'small', description: '1 GB', parameters: { provision: z.object({ … }) } })
 */
export function definePlan<const Name extends string, Parameters extends PlanParameters = Record<never, never>>(
  plan: PlanDefinition<Name, Parameters>,
): PlanDefinition<Name, Parameters> {
  return plan
}
