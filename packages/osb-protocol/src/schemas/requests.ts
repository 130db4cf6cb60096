import { z } from 'zod'
import { context, jsonObject, maintenanceInfo, nonEmptyString } from './common.js'

/**
 * The body of a provision request. `organization_guid` and `space_guid` are required of platforms (PROV-09, PROV-10)
 * but not by this schema, since Kubernetes platforms leave them out (T32); a broker can demand them by its setting
 * `requireOrganizationAndSpace`.
 */
export const provisionRequest = z.looseObject({
  service_id: nonEmptyString,
  plan_id: nonEmptyString,
  context: context.optional(),
  organization_guid: nonEmptyString.optional(),
  space_guid: nonEmptyString.optional(),
  parameters: jsonObject.optional(),
  maintenance_info: maintenanceInfo.optional(),
})
export type ProvisionRequest = z.infer<typeof provisionRequest>

/** `previous_values` of an update; note `organization_id`, not `organization_guid` (T52). */
export const previousValues = z.looseObject({
  service_id: nonEmptyString.optional(),
  plan_id: nonEmptyString.optional(),
  organization_id: nonEmptyString.optional(),
  space_id: nonEmptyString.optional(),
  maintenance_info: maintenanceInfo.optional(),
})
export type PreviousValues = z.infer<typeof previousValues>

/** The body of an update request. Absent `plan_id` or `parameters` mean "as it is" (T37). */
export const updateRequest = z.looseObject({
  service_id: nonEmptyString,
  plan_id: nonEmptyString.optional(),
  context: context.optional(),
  parameters: jsonObject.optional(),
  previous_values: previousValues.optional(),
  maintenance_info: maintenanceInfo.optional(),
})
export type UpdateRequest = z.infer<typeof updateRequest>

/** `bind_resource` of a bind request (BRES-01 … BRES-05). */
export const bindResource = z.looseObject({
  app_guid: nonEmptyString.optional(),
  route: nonEmptyString.optional(),
  space_guid: nonEmptyString.optional(),
  app_annotations: jsonObject.optional(),
  credential_client_id: nonEmptyString.optional(),
})
export type BindResource = z.infer<typeof bindResource>

/**
 * The body of a bind request. `service_id` and `plan_id` are required (BIND-13, BIND-14) but for a rotation, whose
 * `predecessor_binding_id` tells them (A6).
 */
export const bindRequest = z
  .looseObject({
    service_id: nonEmptyString.optional(),
    plan_id: nonEmptyString.optional(),
    context: context.optional(),
    app_guid: nonEmptyString.optional(),
    bind_resource: bindResource.optional(),
    parameters: jsonObject.optional(),
    predecessor_binding_id: nonEmptyString.optional(),
  })
  .check(({ value: request, issues }) => {
    if (request.predecessor_binding_id !== undefined) return
    for (const field of ['service_id', 'plan_id'] as const)
      if (request[field] === undefined)
        issues.push({
          code: 'custom',
          input: request,
          path: [field],
          message: 'is required unless the request rotates a binding',
        })
  })
export type BindRequest = z.infer<typeof bindRequest>
