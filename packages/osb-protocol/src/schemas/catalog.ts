import { z } from 'zod'
import { jsonObject, maintenanceInfo, nonEmptyString } from './common.js'

/** Permissions that an offering can ask of the platform (CAT-24). */
export const permissions = ['syslog_drain', 'route_forwarding', 'volume_mount'] as const
export type Permission = (typeof permissions)[number]

/** A parameters schema of the catalog: `{ parameters: <JSON Schema> }` (SCH-01 … SCH-05 are checked by the lint). */
const inputParametersSchema = z.looseObject({ parameters: jsonObject.optional() })

/** `schemas` of a plan. */
export const planSchemas = z.looseObject({
  service_instance: z
    .looseObject({ create: inputParametersSchema.optional(), update: inputParametersSchema.optional() })
    .optional(),
  service_binding: z.looseObject({ create: inputParametersSchema.optional() }).optional(),
})
export type PlanSchemas = z.infer<typeof planSchemas>

/**
 * A service plan as it stands in the catalog. `free` absent means `true` (CAT-36), `bindable` and `plan_updateable`
 * absent mean the offering's value (CAT-37, CAT-39), `binding_rotatable` absent means `false` (CAT-38).
 */
export const servicePlan = z.looseObject({
  id: nonEmptyString,
  name: nonEmptyString,
  description: nonEmptyString,
  metadata: jsonObject.optional(),
  free: z.boolean().optional(),
  bindable: z.boolean().optional(),
  binding_rotatable: z.boolean().optional(),
  plan_updateable: z.boolean().optional(),
  schemas: planSchemas.optional(),
  maximum_polling_duration: z.int().optional(),
  maintenance_info: maintenanceInfo.optional(),
})
export type ServicePlan = z.infer<typeof servicePlan>

/** `dashboard_client` of an offering (CEX-01 … CEX-04). */
export const dashboardClient = z.looseObject({
  id: nonEmptyString,
  secret: nonEmptyString,
  redirect_uri: z.string().optional(),
})
export type DashboardClient = z.infer<typeof dashboardClient>

/** A service offering as it stands in the catalog (CAT-17 … CAT-28). */
export const serviceOffering = z.looseObject({
  id: nonEmptyString,
  name: nonEmptyString,
  description: nonEmptyString,
  tags: z.array(z.string()).optional(),
  requires: z.array(z.enum(permissions)).optional(),
  bindable: z.boolean(),
  instances_retrievable: z.boolean().optional(),
  bindings_retrievable: z.boolean().optional(),
  allow_context_updates: z.boolean().optional(),
  metadata: jsonObject.optional(),
  dashboard_client: dashboardClient.optional(),
  plan_updateable: z.boolean().optional(),
  plans: z.array(servicePlan).min(1),
})
export type ServiceOffering = z.infer<typeof serviceOffering>

/** The body of `GET /v2/catalog`; `services` may be empty (CAT-16). */
export const catalog = z.looseObject({ services: z.array(serviceOffering) })
export type Catalog = z.infer<typeof catalog>
