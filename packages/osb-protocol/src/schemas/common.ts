import { z } from 'zod'

/** A string of at least one character. */
export const nonEmptyString = z.string().min(1)

/** A JSON object whose content is free-form (`parameters`, `context`, `metadata`, `credentials` …). */
export const jsonObject = z.record(z.string(), z.unknown())
export type JsonObject = z.infer<typeof jsonObject>

/** Most characters (Unicode code points, A11) that an `operation` may have (PROV-32, BIND-40, UNB-25, DEP-26). */
export const maximumOperationCharacters = 10_000

/** `operation`: opaque, non-empty, at most 10,000 characters (T16). */
export const operationText = nonEmptyString.refine(
  (text) => text.length <= maximumOperationCharacters || [...text].length <= maximumOperationCharacters,
  { error: `must have at most ${maximumOperationCharacters} characters` },
)

/** `maintenance_info` of a plan, a request or an instance; requests are read for `version` only (MNT-06, MNT-09). */
export const maintenanceInfo = z.looseObject({
  version: nonEmptyString,
  description: z.string().optional(),
})
export type MaintenanceInfo = z.infer<typeof maintenanceInfo>

/** `metadata` of a service instance: `labels` for users, `attributes` that a platform acts on (IMD-04). */
export const instanceMetadata = z.looseObject({
  labels: jsonObject.optional(),
  attributes: jsonObject.optional(),
})
export type InstanceMetadata = z.infer<typeof instanceMetadata>

/** `context`: free-form but for `platform` (CTX-03, CTX-04). Tolerated without it, as older platforms send it so. */
export const context = z.looseObject({ platform: z.string().optional() })
export type Context = z.infer<typeof context>
