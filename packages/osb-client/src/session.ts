import { parseApiVersion, protocolVersion } from 'osb-protocol'
import { authorizationOf, authSecrets, brokerAddress } from './broker-address.js'
import type { BrokerClientOptions } from './client-options.js'
import { type Clock, systemClock } from './clock.js'
import { positive } from './positive.js'
import { fetchTransport } from './transport/fetch-transport.js'
import type { Transport } from './transport/transport.js'
import { agentTransport, dispatcherTransport } from './transport/undici-transport.js'

/** What all calls of one client share, made from its options. */
export interface Session {
  readonly transport: Transport
  readonly prefix: string
  readonly apiVersion: string
  readonly authorization: string | undefined
  /** What no message may repeat: texts, or anything that holds them. */
  readonly secrets: readonly unknown[]
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  readonly clock: Clock
}

const defaultTimeoutMs = 60_000 // Typical for platforms, by the specification's words on orphans.
const defaultConnectTimeoutMs = 10_000
const defaultMaxResponseBytes = 8 * 1024 * 1024

/**
 * Checks the options and opens what they need; no connection is made yet.
 * @throws {TypeError} when an option cannot be used
 */
export function openSession(options: BrokerClientOptions, clock: Clock = systemClock): Session {
  const { origin, prefix } = brokerAddress(options.url)
  const apiVersion = options.apiVersion ?? protocolVersion
  if (!parseApiVersion(apiVersion)) throw new TypeError('apiVersion must be MAJOR.MINOR, such as 2.17')
  const authorization = authorizationOf(options.auth)
  const timeoutMs = positive('timeoutMs', options.timeoutMs, defaultTimeoutMs)
  return {
    transport: openTransport(origin, options, timeoutMs),
    prefix,
    apiVersion,
    authorization,
    secrets: authSecrets(options.auth),
    timeoutMs,
    maxResponseBytes: positive('maxResponseBytes', options.maxResponseBytes, defaultMaxResponseBytes),
    clock,
  }
}

function openTransport(origin: string, options: BrokerClientOptions, timeoutMs: number): Transport {
  const { dispatcher, fetch } = options
  const connectTimeoutMs = positive('connectTimeoutMs', options.connectTimeoutMs, defaultConnectTimeoutMs)
  const headersTimeoutMs = positive('headersTimeoutMs', options.headersTimeoutMs, timeoutMs)
  const bodyTimeoutMs = positive('bodyTimeoutMs', options.bodyTimeoutMs, timeoutMs)
  if (dispatcher && fetch) throw new TypeError('give either dispatcher or fetch, not both')
  if (fetch) return fetchTransport(origin, fetch)
  if (dispatcher) return dispatcherTransport(origin, dispatcher, { headersTimeoutMs, bodyTimeoutMs })
  return agentTransport(origin, { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs })
}
