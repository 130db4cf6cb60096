import type { CallDetails, OperationName } from 'osb-protocol'
import type { CallArguments } from '../operations/write-request.js'
import { isJsonObject } from '../operations/read-json-object.js'

/** What came with a version later than the oldest: a path of names into the arguments of these operations. */
interface Feature {
  readonly minor: number
  readonly operations: readonly OperationName[]
  /** Names from the arguments down; none for the operation itself. */
  readonly path: readonly string[]
  /** Whether the call means something else without it, so that it is refused rather than sent without. */
  readonly essential?: boolean
}

const fetches: readonly OperationName[] = ['fetchInstance', 'fetchBinding']

/** Section 4 of the requirements reference: what a request may hold, and since when. Before 2.11 all is 2.11 to us. */
const features: readonly Feature[] = [
  { minor: 14, operations: [...fetches, 'lastBindingOperation'], path: [], essential: true },
  { minor: 17, operations: ['bind'], path: ['predecessor_binding_id'], essential: true },
  { minor: 15, operations: ['update'], path: ['maintenance_info'], essential: true },
  { minor: 15, operations: ['provision'], path: ['maintenance_info'] },
  { minor: 15, operations: ['update'], path: ['previous_values', 'maintenance_info'] },
  { minor: 12, operations: ['provision', 'update'], path: ['context'] },
  { minor: 13, operations: ['bind'], path: ['context'] },
  { minor: 14, operations: ['bind', 'unbind'], path: ['accepts_incomplete'] },
  { minor: 14, operations: ['bind'], path: ['bind_resource', 'space_guid'] },
  { minor: 16, operations: ['bind'], path: ['bind_resource', 'app_annotations'] },
  { minor: 16, operations: ['bind'], path: ['bind_resource', 'credential_client_id'] },
  { minor: 16, operations: fetches, path: ['service_id'] },
  { minor: 16, operations: fetches, path: ['plan_id'] },
]

const newestFeature = Math.max(...features.map(({ minor }) => minor))
const identityMinor = 13
const requestIdentityMinor = 15

/** A call as a version allows it, or what it needs and the version lacks. */
export type GatedCall =
  | { readonly call: CallArguments; readonly details: CallDetails; readonly sendsRequestIdentity: boolean }
  | { readonly subject: string; readonly neededMinor: number }

/**
 * Fits a call to a minor version: fields and headers that came later are left out, as the broker would not know them
 * (CTX-02); where the call would then mean something else, it is told what is missing.
 */
export function gateCall(
  operation: OperationName,
  call: CallArguments,
  details: CallDetails,
  minor: number,
): GatedCall {
  if (minor >= newestFeature) return { call, details, sendsRequestIdentity: true }
  const missing = features.filter(
    (feature) => feature.minor > minor && feature.operations.includes(operation) && isUsed(call, feature.path),
  )
  const essential = missing.find((feature) => feature.essential)
  if (essential) return { subject: essential.path.join('.') || operation, neededMinor: essential.minor }
  const { originatingIdentity: _later, ...others } = details
  return {
    call: missing.reduce((left, { path }) => without(left, path), call),
    details: minor >= identityMinor ? details : others,
    sendsRequestIdentity: minor >= requestIdentityMinor,
  }
}

function isUsed(call: CallArguments, path: readonly string[]): boolean {
  let at: unknown = call
  for (const name of path) at = isJsonObject(at) ? at[name] : undefined
  return at !== undefined
}

function without(object: CallArguments, [name = '', ...rest]: readonly string[]): CallArguments {
  if (rest.length > 0) return { ...object, [name]: without(object[name] as CallArguments, rest) }
  const { [name]: _later, ...left } = object
  return left
}
