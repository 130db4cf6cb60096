import type { PollingOptions } from './polling/polling-options.js'
import type { BrokerFetch } from './transport/fetch-transport.js'
import type { RequestDispatcher } from './transport/undici-transport.js'

/** How the client proves who it is: HTTP basic (AUTH-04), a bearer token (AUTH-05), or not at all. */
export type BrokerAuth = { readonly username: string; readonly password: string } | { readonly token: string } | 'none'

/** Options of {@link createBrokerClient}. All times are in milliseconds. */
export interface BrokerClientOptions {
  /** Where the broker is, with its path prefix if it has one: what stands before `/v2/catalog`. No credentials in it. */
  readonly url: string | URL
  /** Sent with every request, unasked. */
  readonly auth: BrokerAuth
  /**
   * `X-Broker-API-Version` (VER-01).
   * @default '2.17'
   */
  readonly apiVersion?: string | undefined
  /**
   * For one call from begin to end, body included.
   * @default 60_000
   */
  readonly timeoutMs?: number | undefined
  /**
   * For the connection. Not with `dispatcher` or `fetch`, which connect by their own rules.
   * @default 10_000
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * From the request sent to the headers of the answer. Not with `fetch`.
   * @default timeoutMs
   */
  readonly headersTimeoutMs?: number | undefined
  /**
   * Between two parts of the body. Not with `fetch`.
   * @default timeoutMs
   */
  readonly bodyTimeoutMs?: number | undefined
  /**
   * Most bytes that the body of an answer may have.
   * @default 8_388_608
   */
  readonly maxResponseBytes?: number | undefined
  /** How `…AndWait` polls, unless a call says otherwise. */
  readonly polling?: PollingOptions | undefined
  /** An undici dispatcher to send with, such as a `ProxyAgent` or an `Agent` with TLS options. It stays the caller's. */
  readonly dispatcher?: RequestDispatcher | undefined
  /** A `fetch` to send with, such as `(url, init) => broker.fetch(new Request(url, init))`. Not with `dispatcher`. */
  readonly fetch?: BrokerFetch | undefined
}
