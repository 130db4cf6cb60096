import type { ServiceOffering, ServicePlan, UpdateCall } from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { CatalogSnapshot, IndexedOffering } from './catalog-snapshot.js'
import type { ParametersLookup } from './check-parameters.js'
import type { OperationCall } from './operation-call.js'

/** The offering and plan that a call names; undefined where it names none. */
export interface ChosenPlan {
  readonly offering?: ServiceOffering | undefined
  readonly plan?: ServicePlan | undefined
}

/**
 * Looks up the offering and plan of a call. The ids of fetches and polls are hints: unknown ones are no fault, since
 * while a plan change is polled they name the plan of before (T17). Those of deletes are left to the back end, which
 * knows what there is: what was made of a plan that has left the catalog must be deletable, or it is an orphan for ever.
 * So are updates that name a plan which the back end has out of the catalog, as Cloud Foundry always sends `plan_id`.
 * @param parametersOf knows the plans of the back end; undefined where there are none but those of the catalog
 * @throws {OsbError} 400 when a call that has to name them names unknown ones, or a plan of another offering (A3)
 */
export function choosePlan(
  { offerings }: CatalogSnapshot,
  { operation, call }: OperationCall,
  parametersOf?: ParametersLookup,
): ChosenPlan {
  const { service_id, plan_id } = call
  const found = service_id === undefined ? undefined : offerings.get(service_id)
  switch (operation) {
    case 'fetchInstance':
    case 'fetchBinding':
    case 'lastInstanceOperation':
    case 'lastBindingOperation':
    case 'deprovision':
    case 'unbind':
      return { offering: found?.offering, plan: plan_id === undefined ? undefined : found?.plans.get(plan_id) }
    case 'update':
      return keepsHiddenPlan(call, found, parametersOf) ? { offering: found?.offering } : demand(found, plan_id)
    case 'provision':
    case 'bind':
      // A rotation may leave both to its predecessor (A6).
      return service_id === undefined ? {} : demand(found, plan_id)
  }
}

/** Whether an update names a plan out of the catalog, and does not say that it moves to it. */
function keepsHiddenPlan(
  { service_id, plan_id, previous_values }: UpdateCall,
  found: IndexedOffering | undefined,
  parametersOf: ParametersLookup | undefined,
): boolean {
  if (plan_id === undefined || found?.plans.has(plan_id)) return false
  if ((previous_values?.plan_id ?? plan_id) !== plan_id) return false
  return parametersOf?.(service_id, plan_id) !== undefined
}

function demand(found: IndexedOffering | undefined, plan_id: string | undefined): ChosenPlan {
  if (!found) throw OsbError.badRequest('service_id names no service offering of this broker.')
  const { offering, plans } = found
  if (plan_id === undefined) return { offering }
  const plan = plans.get(plan_id)
  if (!plan) throw OsbError.badRequest(`plan_id names no plan of the service offering ${offering.name}.`)
  return { offering, plan }
}
