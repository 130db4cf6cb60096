import type { OriginatingIdentity } from './headers.js'
import type { Catalog } from './schemas/catalog.js'
import type { BindRequest, ProvisionRequest, UpdateRequest } from './schemas/requests.js'
import type {
  Accepted,
  BindingResponse,
  BindResponse,
  InstanceResponse,
  LastOperation,
  ProvisionAccepted,
  ProvisionResponse,
  UpdateAccepted,
  UpdateResponse,
} from './schemas/responses.js'

/** What travels beside the request of a call: headers and the wish to end it. */
export interface CallDetails {
  /** Who caused the request (OID-02). */
  readonly originatingIdentity?: OriginatingIdentity | undefined
  /** Names this one request in the logs of both sides (RID-02). */
  readonly requestIdentity?: string | undefined
  /** Ends the call; what the broker does then is its own affair. */
  readonly signal?: AbortSignal | undefined
}

interface InstancePath {
  readonly instance_id: string
}
interface BindingPath extends InstancePath {
  readonly binding_id: string
}
interface Incomplete {
  /** `true` lets the broker answer 202 (SYN-10). */
  readonly accepts_incomplete?: boolean | undefined
}
interface Hints {
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
}
interface Poll extends Hints {
  /** The `operation` of the 202 answer (LOI-05, LOB-06). */
  readonly operation?: string | undefined
}
interface Deleted extends Incomplete {
  readonly service_id: string
  readonly plan_id: string
}

/** The arguments of each call, all with their wire names: path, query and body side by side. */
export interface CatalogCall {
  /** The `ETag` of the copy that the caller has; an unchanged catalog is then not sent again (CAT-10). */
  readonly etag?: string | undefined
}
export type ProvisionCall = ProvisionRequest & InstancePath & Incomplete
export type FetchInstanceCall = InstancePath & Hints
export type UpdateCall = UpdateRequest & InstancePath & Incomplete
export type DeprovisionCall = InstancePath & Deleted
export type LastInstanceOperationCall = InstancePath & Poll
export type BindCall = BindRequest & BindingPath & Incomplete
export type FetchBindingCall = BindingPath & Hints
export type UnbindCall = BindingPath & Deleted
export type LastBindingOperationCall = BindingPath & Poll

interface Answer<Name extends string, Body> {
  readonly outcome: Name
  /** The body of the answer as it is on the wire, fields unknown to us included (EXT-03). */
  readonly body: Body
}
interface RetryAfter {
  /** When to poll next, in seconds (LOI-24). */
  readonly retryAfterSeconds?: number | undefined
}

export type CatalogOutcome =
  | (Answer<'found', Catalog> & { readonly etag?: string | undefined })
  | { readonly outcome: 'unchanged' }
export type ProvisionOutcome =
  | Answer<'exists' | 'created', ProvisionResponse>
  | (Answer<'accepted', ProvisionAccepted> & RetryAfter)
export type FetchInstanceOutcome = Answer<'found', InstanceResponse>
export type UpdateOutcome = Answer<'updated', UpdateResponse> | (Answer<'accepted', UpdateAccepted> & RetryAfter)
export type DeprovisionOutcome = Answer<'deleted' | 'gone', object> | (Answer<'accepted', Accepted> & RetryAfter)
export type LastOperationOutcome = (Answer<'found', LastOperation> & RetryAfter) | Answer<'gone', object>
export type BindOutcome = Answer<'exists' | 'created', BindResponse> | (Answer<'accepted', Accepted> & RetryAfter)
export type FetchBindingOutcome = Answer<'found', BindingResponse>
export type UnbindOutcome = Answer<'deleted' | 'gone', object> | (Answer<'accepted', Accepted> & RetryAfter)

/**
 * The ten calls to a broker. A client implements them over HTTP, a broker's back end implements them for real, so
 * that either can stand for the other. What is not a success is thrown.
 */
export interface BrokerCalls<Rest extends readonly unknown[] = [details?: CallDetails]> {
  catalog(call?: CatalogCall, ...rest: Rest): Promise<CatalogOutcome>
  provision(call: ProvisionCall, ...rest: Rest): Promise<ProvisionOutcome>
  fetchInstance(call: FetchInstanceCall, ...rest: Rest): Promise<FetchInstanceOutcome>
  update(call: UpdateCall, ...rest: Rest): Promise<UpdateOutcome>
  deprovision(call: DeprovisionCall, ...rest: Rest): Promise<DeprovisionOutcome>
  lastInstanceOperation(call: LastInstanceOperationCall, ...rest: Rest): Promise<LastOperationOutcome>
  bind(call: BindCall, ...rest: Rest): Promise<BindOutcome>
  fetchBinding(call: FetchBindingCall, ...rest: Rest): Promise<FetchBindingOutcome>
  unbind(call: UnbindCall, ...rest: Rest): Promise<UnbindOutcome>
  lastBindingOperation(call: LastBindingOperationCall, ...rest: Rest): Promise<LastOperationOutcome>
}
