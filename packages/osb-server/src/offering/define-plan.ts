import type { JsonObject, MaintenanceInfo } from 'osb-protocol'
import type { PlanParameters } from './parameters.js'

/**
 * A service plan: its catalog fields under their wire names, and its parameters as schemas. The type arguments keep
 * what the handlers of the offering depend on.
 */
export interface PlanDefinition<
  Name extends string = string,
  Parameters extends PlanParameters = PlanParameters,
  Bindable extends boolean | undefined = boolean | undefined,
  Updateable extends boolean | undefined = boolean | undefined,
  Maintenance extends MaintenanceInfo | undefined = MaintenanceInfo | undefined,
> {
  /** Globally unique and never changed (CAT-30); a GUID (CAT-31). */
  readonly id: string
  /** Unique in the offering (CAT-33). */
  readonly name: Name
  readonly description: string
  /** Default `true` (CAT-36). */
  readonly free?: boolean
  /** Default: the offering's (CAT-37). */
  readonly bindable?: Bindable
  /** Whether other plans can be chosen for its instances later. Default: the offering's (CAT-39). */
  readonly plan_updateable?: Updateable
  /** Default `false` (CAT-38). */
  readonly binding_rotatable?: boolean
  /** Seconds after which an operation counts as failed (POL-02). */
  readonly maximum_polling_duration?: number
  readonly maintenance_info?: Maintenance
  readonly metadata?: JsonObject
  /** What a platform may send; kinds that are left out are those of the offering, else free-form. */
  readonly parameters?: Parameters
  /**
   * `true`: the plan has left the catalog, so nobody gets a new instance of it and none is moved to it, but what there
   * is can be fetched, polled, unbound, deleted, and moved to another plan (CAT-07). Default `false`.
   */
  readonly retired?: boolean
}

/**
 * Declares a plan, keeping the types of its name and parameters for the handlers of its offering.
 * @example definePlan({ id: '…', name: 'small', description: '1 GB', parameters: { provision: z.object({ … }) } })
 */
export function definePlan<
  const Name extends string,
  Parameters extends PlanParameters = Record<never, never>,
  const Bindable extends boolean | undefined = undefined,
  const Updateable extends boolean | undefined = undefined,
  Maintenance extends MaintenanceInfo | undefined = undefined,
>(
  plan: PlanDefinition<Name, Parameters, Bindable, Updateable, Maintenance>,
): PlanDefinition<Name, Parameters, Bindable, Updateable, Maintenance> {
  return plan
}
