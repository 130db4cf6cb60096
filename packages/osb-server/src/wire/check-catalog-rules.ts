import type { ServiceOffering, ServicePlan, UpdateCall } from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { CatalogSnapshot } from './catalog-snapshot.js'
import type { ChosenPlan } from './choose-plan.js'
import type { OperationCall } from './operation-call.js'

type RetrievableFlag = 'instances_retrievable' | 'bindings_retrievable'

/**
 * Refuses what the catalog does not offer. Deletes are never refused: what has been created must be deletable.
 * @param hasOwnPlans whether the back end has plans out of the catalog, too, and checks fetches without hints itself
 * @throws {OsbError} 400 for a bind to a plan that is not bindable (T28), or a rotation where there is none (A7); 404
 *   for a fetch of what is not retrievable (A17); 422 for a change that is not supported (UPD-07, T38)
 */
export function checkCatalogRules(
  snapshot: CatalogSnapshot,
  { operation, call }: OperationCall,
  chosen: ChosenPlan,
  hasOwnPlans: boolean,
): void {
  const isLeft = hasOwnPlans && call.service_id === undefined
  switch (operation) {
    case 'bind':
      return checkBind(chosen, call.predecessor_binding_id !== undefined)
    case 'update':
      return checkUpdate(snapshot, call, chosen)
    case 'fetchInstance':
      return isLeft ? undefined : checkRetrievable(snapshot, call.service_id, 'instances_retrievable')
    case 'fetchBinding':
      return isLeft ? undefined : checkRetrievable(snapshot, call.service_id, 'bindings_retrievable')
    case 'provision':
    case 'deprovision':
    case 'unbind':
    case 'lastInstanceOperation':
    case 'lastBindingOperation':
      return
  }
}

function checkBind({ offering, plan }: ChosenPlan, rotates: boolean): void {
  if (!offering || !plan) return
  if (!(plan.bindable ?? offering.bindable)) throw OsbError.badRequest(`The plan ${plan.name} is not bindable.`)
  if (rotates && !plan.binding_rotatable)
    throw OsbError.badRequest(`Bindings of the plan ${plan.name} cannot be rotated.`)
}

/**
 * What can be said without the instance: `previous_values` names the plan that it has, for platforms that send it.
 * A back end that knows better checks again.
 */
function checkUpdate({ offerings }: CatalogSnapshot, call: UpdateCall, { offering }: ChosenPlan): void {
  if (!offering) return
  const before = call.previous_values?.plan_id
  const planStays = call.plan_id === undefined || call.plan_id === before
  if (planStays && isContextOnly(call) && !offering.allow_context_updates)
    throw OsbError.unprocessable(`The service offering ${offering.name} does not take updates of the context alone.`)
  const planBefore = before === undefined ? undefined : offerings.get(offering.id)?.plans.get(before)
  if (!planStays && planBefore && !isPlanUpdateable(offering, planBefore))
    throw OsbError.unprocessable(`The plan ${planBefore.name} cannot be changed for another one.`)
}

function isContextOnly({ context, parameters, maintenance_info }: UpdateCall): boolean {
  return context !== undefined && parameters === undefined && maintenance_info === undefined
}

/** The plan's word, else the offering's, else no (CAT-27, CAT-39). It gates changes of the plan only (UPD-06). */
function isPlanUpdateable(offering: ServiceOffering, plan: ServicePlan): boolean {
  return plan.plan_updateable ?? offering.plan_updateable ?? false
}

/**
 * Without a hint, a fetch is refused only where nothing is retrievable; the back end knows what it is a fetch of. So it
 * does where the hint is an offering that has left the catalog.
 */
function checkRetrievable({ offerings }: CatalogSnapshot, service_id: string | undefined, flag: RetrievableFlag): void {
  const found = service_id === undefined ? undefined : offerings.get(service_id)
  if (service_id !== undefined && !found) return
  const candidates = found ? [found] : [...offerings.values()]
  const isRetrievable = candidates.some(({ offering }) => offering[flag])
  if (candidates.length > 0 && !isRetrievable) throw OsbError.notFound('This cannot be fetched.')
}
