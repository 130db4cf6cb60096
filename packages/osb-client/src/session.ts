import { type OrphanPolicy, orphanPolicies } from 'osb-protocol'
import { type Authenticator, openAuth } from './auth/open-auth.js'
import { brokerAddress } from './broker-address.js'
import { type CatalogCache, emptyCatalogCache } from './catalog/catalog-cache.js'
import type { BrokerClientOptions, RequestReport } from './client-options.js'
import { type Clock, systemClock } from './clock.js'
import type { FindingsReport } from './diagnostics/channels.js'
import type { OrphanLedger } from './orphans/orphan-ledger.js'
import { positive } from './positive.js'
import { assertAgentOptions } from './transport/agent-options.js'
import { fetchTransport } from './transport/fetch-transport.js'
import type { Transport } from './transport/transport.js'
import { agentTransport, dispatcherTransport } from './transport/undici-transport.js'
import { type ApiVersions, apiVersions } from './versions/api-versions.js'

/** What all calls of one client share, made from its options. */
export interface Session {
  readonly transport: Transport
  readonly origin: string
  readonly prefix: string
  readonly versions: ApiVersions
  readonly auth: Authenticator
  /** What no message may repeat: texts, or anything that holds them. */
  readonly secrets: readonly unknown[]
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  /** How many times a call may be sent again where that is safe. */
  readonly retries: number
  readonly maxRedirects: number
  readonly lenient: boolean
  readonly onRequest: ((request: RequestReport) => void) | undefined
  readonly onFindings: ((report: FindingsReport) => void) | undefined
  readonly orphanPolicy: OrphanPolicy
  readonly ledger: OrphanLedger | undefined
  readonly catalogCache: CatalogCache
  readonly clock: Clock
}

const defaultTimeoutMs = 60_000 // Typical for platforms, by the specification's words on orphans.
const defaultConnectTimeoutMs = 10_000
const defaultMaxResponseBytes = 8 * 1024 * 1024
const defaultRetries = 2

/**
 * Checks the options and opens what they need; no connection is made yet.
 * @throws {TypeError} when an option cannot be used
 */
export function openSession(options: BrokerClientOptions): Session {
  const { origin, prefix } = brokerAddress(options.url)
  const auth = openAuth(options.auth)
  const timeoutMs = positive('timeoutMs', options.timeoutMs, defaultTimeoutMs)
  return {
    versions: apiVersions(options.apiVersion, options.minVersion),
    maxResponseBytes: positive('maxResponseBytes', options.maxResponseBytes, defaultMaxResponseBytes),
    retries: count('retries', options.retries, defaultRetries),
    maxRedirects: count('maxRedirects', options.maxRedirects, 0),
    lenient: oneOf('validation', options.validation ?? 'strict', ['strict', 'lenient']) === 'lenient',
    orphanPolicy: oneOf('orphanPolicy', options.orphanPolicy ?? 'spec', orphanPolicies),
    transport: openTransport(origin, options, timeoutMs),
    origin,
    prefix,
    auth,
    secrets: auth.secrets,
    timeoutMs,
    onRequest: options.onRequest,
    onFindings: options.onFindings,
    ledger: options.ledger,
    catalogCache: emptyCatalogCache(),
    clock: options.clock ?? systemClock,
  }
}

function openTransport(origin: string, options: BrokerClientOptions, timeoutMs: number): Transport {
  const { dispatcher, fetch, tls, proxy } = options
  const connectTimeoutMs = positive('connectTimeoutMs', options.connectTimeoutMs, defaultConnectTimeoutMs)
  const headersTimeoutMs = positive('headersTimeoutMs', options.headersTimeoutMs, timeoutMs)
  const bodyTimeoutMs = positive('bodyTimeoutMs', options.bodyTimeoutMs, timeoutMs)
  if (dispatcher && fetch) throw new TypeError('give either dispatcher or fetch, not both')
  if ((dispatcher ?? fetch) && (tls ?? proxy))
    throw new TypeError('tls and proxy are for the connections of the client itself: leave dispatcher and fetch out')
  if (fetch) return fetchTransport(origin, fetch)
  if (dispatcher) return dispatcherTransport(origin, dispatcher, { headersTimeoutMs, bodyTimeoutMs })
  assertAgentOptions({ tls, proxy })
  return agentTransport(origin, { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, tls, proxy })
}

function count(name: string, value: number | undefined, byDefault: number): number {
  const number = value ?? byDefault
  if (!Number.isInteger(number) || number < 0 || number > 100)
    throw new TypeError(`${name} must be a whole number from 0 to 100`)
  return number
}

function oneOf<Choice extends string>(name: string, value: Choice, choices: readonly Choice[]): Choice {
  if (!choices.includes(value)) throw new TypeError(`${name} must be one of ${choices.join(', ')}`)
  return value
}
