import { OsbError } from '../errors.js'

/** The part of a plan that the check reads; a plan of the catalog and a plan definition both have it. */
export interface MaintainedPlan {
  readonly name: string
  readonly maintenance_info?: { readonly version: string } | undefined
}

/**
 * Compares the maintenance version that a request names with the plan's in the catalog: as texts, since `+build` parts
 * tell versions apart here (T39), and nothing but the version (MNT-06, MNT-09). The wire storey does so for provisions
 * and for updates that name a plan; for an update without `plan_id` call it with the plan that the instance has.
 * @throws {OsbError} 422 `MaintenanceInfoConflict` when they differ or the plan has none (MNT-07, MNT-10)
 */
export function checkMaintenanceInfo(plan: MaintainedPlan, requested: { readonly version: string } | undefined): void {
  if (requested === undefined || requested.version === plan.maintenance_info?.version) return
  throw OsbError.maintenanceInfoConflict(
    `The maintenance version asked for is not that of the plan ${plan.name}; fetch the catalog again.`,
  )
}
