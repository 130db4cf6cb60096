import type { ApiVersion, OperationName, OriginatingIdentity } from 'osb-protocol'
import type { OsbErrorCode } from '../errors.js'

/**
 * What is known of a request; the more, the further it came. One object goes with a request through all hooks, so that
 * it can be the key of a `WeakMap`. Holds neither parameters nor credentials, but names people: the identities.
 */
export interface RequestReport {
  /** Undefined when the request failed before it was known what it asks for. */
  readonly operation?: OperationName | undefined
  readonly instance_id?: string | undefined
  readonly binding_id?: string | undefined
  /** The ids and names of the offering and the plan that the request names; not every request has to. */
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
  readonly service_name?: string | undefined
  readonly plan_name?: string | undefined
  /** The tenant, once its login was right; the empty string where the broker has none. */
  readonly tenant?: string | undefined
  /** Who logged in. */
  readonly principal?: string | undefined
  readonly apiVersion?: ApiVersion | undefined
  /** Who caused the request (OID-04). */
  readonly originatingIdentity?: OriginatingIdentity | undefined
  /** What the platform called this request (RID-03). */
  readonly requestIdentity?: string | undefined
  /** When the request arrived, in milliseconds since 1970. */
  readonly startedAtMs?: number | undefined
}

/** How a request was answered. */
export interface OutcomeReport {
  /** The same object that `onRequest` was given, if the request came that far. */
  readonly request: RequestReport
  readonly status: number
  /** The outcome in the protocol's words, such as `created` and `accepted`; undefined after an error. */
  readonly outcome?: string | undefined
  /** The `error` word of the answer; undefined after a success. */
  readonly error?: OsbErrorCode | undefined
  /** Milliseconds from the arrival of the request to its answer. */
  readonly durationMs: number
}

/** Where an error happened. */
export interface ErrorReport extends RequestReport {
  /** The status that the platform was answered; undefined when no platform waited for an answer. */
  readonly status?: number | undefined
  /** Milliseconds from the arrival of the request to the error; undefined when no platform waited for an answer. */
  readonly durationMs?: number | undefined
}

/**
 * Functions that hear what a broker does. They are called while the platform waits, so they should only note what they
 * are told. What they throw, and promises of theirs that reject, are ignored.
 */
export interface BrokerHooks {
  /** Hears of each request that passed all checks of the protocol, before it is carried out. */
  readonly onRequest?: ((request: RequestReport) => void) | undefined
  /** Hears of every answer, refusals included, when it is ready to be sent. */
  readonly onOutcome?: ((outcome: OutcomeReport) => void) | undefined
  /**
   * Hears of every answer of status 500 and above: what was thrown (never sent to the platform), or which rule of the
   * protocol an answer would have broken. Also of operations that fail when no platform waits for an answer.
   */
  readonly onError?: ((error: unknown, report: ErrorReport) => void) | undefined
}
