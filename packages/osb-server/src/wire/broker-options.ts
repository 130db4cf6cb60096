import type { OperationName } from 'osb-protocol'
import type { Authenticator } from '../auth/authenticator.js'

/** Where an error happened, for the `onError` hook. Holds nothing secret. */
export interface ErrorReport {
  /** The status that the platform was answered; undefined when no platform waited for an answer. */
  readonly status?: number | undefined
  /** Undefined when the request failed before it was known what it asks for. */
  readonly operation?: OperationName | undefined
  readonly instance_id?: string | undefined
  readonly binding_id?: string | undefined
  /** What the platform called this request (RID-03). */
  readonly requestIdentity?: string | undefined
}

/** How a broker speaks HTTP. */
export interface BrokerOptions {
  /** Who may come in: `basicAuth(…)`, an authenticator of your own, or, by name only, `noAuth()`. */
  readonly auth: Authenticator
  /**
   * The path below which the broker is mounted, such as `/broker`; everything outside of it is answered 404. Default:
   * any; what stands before the first `/v2/` of a path is the mount point. Ids cannot be mistaken for it, as a slash
   * in an id is percent-encoded. Needed only if the mount point has a segment `v2` itself.
   */
  readonly basePath?: string | undefined
  /** The oldest version of the API that is served, such as `2.13`; others are answered 412 (VER-03). Default `2.0`. */
  readonly minimumApiVersion?: string | undefined
  /**
   * Whether `X-Broker-API-Version` has to be sent; 400 otherwise (VER-04). Default `true`. With `false`, a request
   * without it is taken for one of the version of this library.
   */
  readonly requireApiVersion?: boolean | undefined
  /**
   * Whether a body of any content type is read as JSON, such as the `application/x-www-form-urlencoded` that
   * `curl -d` declares. Default `false`: 400 for all but `application/json` and none (CT-02, CT-03).
   */
  readonly lenientContentType?: boolean | undefined
  /** Bytes that a request body may have; longer ones are answered 413. Default 1,048,576. */
  readonly maximumBodyBytes?: number | undefined
  /**
   * Hears of every answer of status 500 and above: what was thrown (never sent to the platform), or which rule of the
   * protocol an answer would have broken. What it throws itself is ignored. Default: writes to `console.error`.
   */
  readonly onError?: ((error: unknown, report: ErrorReport) => void) | undefined
}
