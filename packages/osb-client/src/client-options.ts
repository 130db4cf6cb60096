import type { OrphanPolicy } from 'osb-protocol'
import type { BrokerAuth } from './auth/broker-auth.js'
import type { Clock } from './clock.js'
import type { FindingsReport } from './diagnostics/channels.js'
import type { OrphanLedger } from './orphans/orphan-ledger.js'
import type { BrokerProxy, BrokerTls } from './transport/agent-options.js'
import type { PollingOptions } from './polling/polling-options.js'
import type { BrokerFetch } from './transport/fetch-transport.js'
import type { RequestDispatcher } from './transport/undici-transport.js'

/** A request as it goes over the wire, without what authenticates it. */
export interface RequestReport {
  readonly method: string
  /** The whole URL, query included. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Options of {@link createBrokerClient}. All times are in milliseconds. */
export interface BrokerClientOptions {
  /** Where the broker is, with its path prefix if it has one: what stands before `/v2/catalog`. No credentials in it. */
  readonly url: string | URL
  /** Sent with every request, unasked. */
  readonly auth: BrokerAuth
  /**
   * `X-Broker-API-Version` (VER-01). To a broker that refuses it with 412 the next lower minor version is sent, down to
   * `minVersion`; what the broker takes is remembered. What a version does not have is left out of requests.
   * @default '2.17'
   */
  readonly apiVersion?: string | undefined
  /**
   * The lowest version to speak; the same as `apiVersion` for no other.
   * @default '2.11'
   */
  readonly minVersion?: string | undefined
  /**
   * For one call from begin to end, body and further tries included.
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
  /**
   * How many times a call is sent again where that cannot do harm: any call that never reached the broker or that it
   * answered with 429, and a reading one also after no answer, 502, 503 or 504. What may have created, changed or
   * deleted something is never repeated.
   * @default 2
   */
  readonly retries?: number | undefined
  /**
   * How many redirects to follow, within the origin of `url` only: no other gets credentials or parameters.
   * @default 0
   */
  readonly maxRedirects?: number | undefined
  /**
   * Whether an answer that is not to the specification fails the call (`strict`), or is taken where it can be used, its
   * faults told to `onFindings` (`lenient`). Fields unknown to us are kept either way (EXT-03).
   * @default 'strict'
   */
  readonly validation?: 'strict' | 'lenient' | undefined
  /**
   * Told each request just before it is sent, further tries included: for those who want to see what goes over the wire.
   * What authenticates it is left out; parameters are in its body.
   */
  readonly onRequest?: ((request: RequestReport) => void) | undefined
  /** Told the faults of an answer that was taken all the same. */
  readonly onFindings?: ((report: FindingsReport) => void) | undefined
  /**
   * Whose table says what to delete after a failure: the `orphanMitigation` of errors.
   * @default 'spec'
   */
  readonly orphanPolicy?: OrphanPolicy | undefined
  /** Where every provision and bind is written down before it is sent, so that a crash leaves no orphan unknown. */
  readonly ledger?: OrphanLedger | undefined
  /** TLS of the client's own connections: an own CA, a client certificate, a pinned certificate. Not with `dispatcher` or `fetch`. */
  readonly tls?: BrokerTls | undefined
  /**
   * `'environment'`: connect through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (or the same in small
   * letters, which go first) name when the client is made. Not with `dispatcher` or `fetch`.
   * @default none
   */
  readonly proxy?: BrokerProxy | undefined
  /** How `…AndWait` polls, unless a call says otherwise. */
  readonly polling?: PollingOptions | undefined
  /** An undici dispatcher to send with, such as a `ProxyAgent` or an `Agent` with TLS options. It stays the caller's. */
  readonly dispatcher?: RequestDispatcher | undefined
  /** A `fetch` to send with, such as `(url, init) => broker.fetch(new Request(url, init))`. Not with `dispatcher`. */
  readonly fetch?: BrokerFetch | undefined
  /**
   * Time for polls and for waits between tries; for tests.
   * @default the clock of the machine
   */
  readonly clock?: Clock | undefined
}
