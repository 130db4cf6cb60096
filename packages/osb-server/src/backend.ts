import type { ApiVersion, BrokerCalls, CallDetails } from 'osb-protocol'

/** What the wire storey found out about a request and hands to the back end beside the call itself. */
export interface RequestDetails extends CallDetails {
  /** The tenant that the request belongs to; the empty string where the broker has none. */
  readonly tenant: string
  /** The version that the platform speaks; some answers are allowed from a minor version on only. */
  readonly apiVersion: ApiVersion
  /** Aborts when the platform disconnects. Work that has begun goes on: the platform will ask again. */
  readonly signal: AbortSignal
  /** Who logged in, as the authentication says. */
  readonly principal?: string | undefined
}

/**
 * What answers the ten calls once the wire storey has parsed and checked them. It returns outcomes, never statuses,
 * and throws an `OsbError` for everything that is not a success. A proxy or a stateless broker implements it itself;
 * a broker of offerings gets it from `createBroker`.
 */
export type BrokerBackend = BrokerCalls<[details: RequestDetails]>
