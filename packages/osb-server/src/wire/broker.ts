import type { BrokerHooks } from '../hooks/reports.js'
import type { WireRequest, WireResponse } from './wire-request.js'

/** A service broker as an HTTP handler; it listens nowhere itself. All functions can be passed on without it. */
export interface Broker {
  /** Answers a request. Never rejects. */
  readonly fetch: (request: Request) => Promise<Response>
  /** The same without `Request` and `Response`, for adapters of web frameworks. Never rejects. */
  readonly handle: (request: WireRequest) => Promise<WireResponse>
  /**
   * Asks the back end for its catalog and serves it from now on; a request sees the old one or the new one, never a
   * mixture. The first request does so by itself, but at start it finds faults of the catalog early.
   * @throws when the catalog cannot be had or is not valid; the former one is then served on
   */
  readonly reload: () => Promise<void>
  /** Adds hooks to those of the options. @returns a function that takes them away */
  readonly observe: (hooks: BrokerHooks) => () => void
  /** Answers new requests with 503 and waits until those being answered are done. Can be called again. */
  readonly close: () => Promise<void>
}
