import type { Authenticator } from '../auth/authenticator.js'
import type { BrokerHooks } from '../hooks/reports.js'
import type { RateLimit } from './rate-limit.js'

/** How a broker speaks HTTP. */
export interface BrokerOptions extends BrokerHooks {
  /**
   * Who may come in: `basicAuth(…)`, another authenticator, or, by name only, `noAuth()`. In a broker with tenants, who
   * may come in at the paths without a tenant; its challenge is that of every 401 answer, so that they are all the same.
   */
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
  /**
   * Whether a provision without `organization_guid` or `space_guid` is answered 400. Platforms have to send both
   * (PROV-09, PROV-10), but those of Kubernetes do not (T32). Default `false`.
   */
  readonly requireOrganizationAndSpace?: boolean | undefined
  /** Bytes that a request body may have; longer ones are answered 413. Default 1,048,576. */
  readonly maximumBodyBytes?: number | undefined
  /** How many requests each source may send, wrong logins included; more are answered 429. Default: any number. */
  readonly rateLimit?: RateLimit | undefined
  /** Default: writes errors to `console.error`. */
  readonly onError?: BrokerHooks['onError']
}
