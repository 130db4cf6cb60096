import type { ServiceOffering, ServicePlan } from 'osb-protocol'

/** What may be done with a plan, all defaults filled in. */
export interface PlanTraits {
  readonly free: boolean
  /** Whether bindings may be asked for (BIND-01, BIND-02). */
  readonly bindable: boolean
  /** Whether a binding may be rotated (ROT-02). */
  readonly bindingRotatable: boolean
  /** Whether instances may change to another plan (UPD-04, UPD-05). */
  readonly planUpdateable: boolean
  /** Whether instances may be fetched (GETI-03). */
  readonly instancesRetrievable: boolean
  /** Whether bindings may be fetched, without which an asynchronous bind is of no use (T13). */
  readonly bindingsRetrievable: boolean
}

/**
 * What may be done with a plan of a catalog: the plan's word goes before the offering's, and what neither says has the
 * default of the specification (CAT-36 … CAT-39).
 * @example if (planTraits(offering, plan).bindable) await client.bindAndWait(call)
 */
export function planTraits(offering: ServiceOffering, plan: ServicePlan): PlanTraits {
  return {
    free: plan.free ?? true,
    bindable: plan.bindable ?? offering.bindable,
    bindingRotatable: plan.binding_rotatable ?? false,
    planUpdateable: plan.plan_updateable ?? offering.plan_updateable ?? false,
    instancesRetrievable: offering.instances_retrievable ?? false,
    bindingsRetrievable: offering.bindings_retrievable ?? false,
  }
}
