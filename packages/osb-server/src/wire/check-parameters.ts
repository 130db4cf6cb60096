import type { PlanParameters } from '../offering/parameters.js'
import { parseParametersNow } from '../offering/parse-parameters.js'
import type { OperationCall } from './operation-call.js'

/** Finds the parameters that a plan declares; undefined where the back end has no such plan, also none out of the catalog. */
export type ParametersLookup = (service_id: string, plan_id: string) => PlanParameters | undefined

/**
 * Validates the parameters of a request by its plan. Absent ones count as `{}`, but for updates, where they stay as
 * they are (T37). A request that names no plan is left to the back end, which knows the plan of the instance.
 * @returns a promise only where a schema gives one
 * @throws {OsbError} 400 that lists the faults (PROV-11, UPD-13, BIND-16)
 */
export function checkParameters(parametersOf: ParametersLookup, { operation, call }: OperationCall): unknown {
  if (operation !== 'provision' && operation !== 'update' && operation !== 'bind') return undefined
  if (call.service_id === undefined || call.plan_id === undefined) return undefined
  if (operation === 'update' && call.parameters === undefined) return undefined
  return parseParametersNow(parametersOf(call.service_id, call.plan_id)?.[operation], call.parameters ?? {})
}
