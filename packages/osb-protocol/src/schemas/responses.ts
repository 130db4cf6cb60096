import { z } from 'zod'
import { catalog } from './catalog.js'
import { instanceMetadata, jsonObject, maintenanceInfo, nonEmptyString, operationText } from './common.js'

const dashboardUrl = z.string().nullable()

/** The body of a provision answer 200 or 201 (PROV-28, PROV-33). */
export const provisionResponse = z.looseObject({
  dashboard_url: dashboardUrl.optional(),
  metadata: instanceMetadata.optional(),
})
export type ProvisionResponse = z.infer<typeof provisionResponse>

/** The body of a provision answer 202; `operation` may be null here only (PROV-31). */
export const provisionAccepted = provisionResponse.extend({ operation: operationText.nullable().optional() })
export type ProvisionAccepted = z.infer<typeof provisionAccepted>

/** The body of an update answer 200; `{}` unless there is something to say (A9). */
export const updateResponse = provisionResponse
export type UpdateResponse = z.infer<typeof updateResponse>

/** The body of an update answer 202; `operation` is non-empty, never null, and of any length (UPD-46, A11). */
export const updateAccepted = updateResponse.extend({ operation: nonEmptyString.optional() })
export type UpdateAccepted = z.infer<typeof updateAccepted>

/** The body of a bind, unbind or deprovision answer 202: nothing but `operation` (BIND-26). */
export const accepted = z.looseObject({ operation: operationText.optional() })
export type Accepted = z.infer<typeof accepted>

/** The body of a fetched service instance. */
export const instanceResponse = z.looseObject({
  service_id: z.string().optional(),
  plan_id: z.string().optional(),
  dashboard_url: dashboardUrl.optional(),
  parameters: jsonObject.optional(),
  maintenance_info: maintenanceInfo.optional(),
  metadata: instanceMetadata.optional(),
})
export type InstanceResponse = z.infer<typeof instanceResponse>

/** A UTC time with a fraction, such as `2026-01-31T12:00:00.0Z`; any number of fraction digits is read (T47). */
const bindingTime = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'must be a UTC time of the form 2026-01-31T12:00:00.0Z',
  })

/** `metadata` of a binding (BMD-02, BMD-06, BMD-08). */
export const bindingMetadata = z
  .looseObject({ expires_at: bindingTime.optional(), renew_before: bindingTime.optional() })
  .refine(
    ({ expires_at, renew_before }) =>
      !expires_at || !renew_before || Date.parse(renew_before) <= Date.parse(expires_at),
    { error: 'must not be after expires_at', path: ['renew_before'] },
  )
export type BindingMetadata = z.infer<typeof bindingMetadata>

/** One volume mount (VOL-02 … VOL-07). */
export const volumeMount = z.looseObject({
  driver: z.string(),
  container_dir: z.string(),
  mode: z.enum(['r', 'rw']),
  device_type: z.literal('shared'),
  device: z.looseObject({ volume_id: z.string(), mount_config: jsonObject.nullable().optional() }),
})
export type VolumeMount = z.infer<typeof volumeMount>

/** One network endpoint; ports are texts, single or ranges (END-01 … END-03, T46). */
export const endpoint = z.looseObject({
  host: nonEmptyString,
  ports: z.array(z.string().regex(/^\d{1,5}(-\d{1,5})?$/, { error: 'must be a port or a range, as text' })).min(1),
  protocol: z.enum(['tcp', 'udp', 'all']).optional(),
})
export type Endpoint = z.infer<typeof endpoint>

/** What a binding gives to an app: the body of a bind answer 200 or 201. */
export const bindResponse = z.looseObject({
  metadata: bindingMetadata.optional(),
  credentials: jsonObject.optional(),
  syslog_drain_url: z.string().nullable().optional(),
  route_service_url: z.string().nullable().optional(),
  volume_mounts: z.array(volumeMount).nullable().optional(),
  endpoints: z.array(endpoint).nullable().optional(),
})
export type BindResponse = z.infer<typeof bindResponse>

/** The body of a fetched service binding. */
export const bindingResponse = bindResponse.extend({ parameters: jsonObject.optional() })
export type BindingResponse = z.infer<typeof bindingResponse>

/** The three states of an operation; the first is written with a space (T18). */
export const operationStates = ['in progress', 'succeeded', 'failed'] as const
export type OperationState = (typeof operationStates)[number]

/**
 * The body of both last operation answers. `instance_usable` and `update_repeatable` belong to failed updates and
 * (the first) deprovisions only (LOI-21, LOI-22).
 */
export const lastOperation = z.looseObject({
  state: z.enum(operationStates),
  description: z.string().optional(),
  instance_usable: z.boolean().optional(),
  update_repeatable: z.boolean().optional(),
})
export type LastOperation = z.infer<typeof lastOperation>

/** The body of an error (ERR-03 … ERR-06). */
export const errorResponse = z.looseObject({
  error: nonEmptyString.optional(),
  description: nonEmptyString.optional(),
  instance_usable: z.boolean().optional(),
  update_repeatable: z.boolean().optional(),
})
export type ErrorResponse = z.infer<typeof errorResponse>

/** The body of a finished delete, and of 410: any JSON object, `{}` as a rule (DEP-10, T09). */
const emptyResponse = z.looseObject({})

/** Operation × outcome → schema of the body, for every successful answer that has one. */
export const responseSchemas = {
  catalog: { found: catalog },
  provision: { exists: provisionResponse, created: provisionResponse, accepted: provisionAccepted },
  fetchInstance: { found: instanceResponse },
  update: { updated: updateResponse, accepted: updateAccepted },
  deprovision: { deleted: emptyResponse, accepted, gone: emptyResponse },
  lastInstanceOperation: { found: lastOperation, gone: emptyResponse },
  bind: { exists: bindResponse, created: bindResponse, accepted },
  fetchBinding: { found: bindingResponse },
  unbind: { deleted: emptyResponse, accepted, gone: emptyResponse },
  lastBindingOperation: { found: lastOperation, gone: emptyResponse },
} as const
