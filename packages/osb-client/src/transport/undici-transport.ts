import { Agent, type buildConnector, EnvHttpProxyAgent } from 'undici'
import { type BrokerProxy, type BrokerTls, connectionOptionsOf, warnWhereInsecure } from './agent-options.js'
import { timeoutPhaseOf } from './failure.js'
import type { BodyFault, ExchangeLimits, Transport, WireAnswer, WireRequest } from './transport.js'

/** The part of undici's `Dispatcher` that this client uses: an `Agent`, `MockAgent`, `ProxyAgent` of any version fits. */
export interface RequestDispatcher {
  request(options: {
    origin: string
    path: string
    method: 'GET' | 'PUT' | 'PATCH' | 'DELETE'
    headers: Record<string, string>
    body: string | null
    signal: AbortSignal
    headersTimeout: number
    bodyTimeout: number
  }): Promise<{
    statusCode: number
    headers: Record<string, string | string[] | undefined>
    body: AsyncIterable<Uint8Array>
  }>
}

/** Time-outs of the phases, in milliseconds. */
export interface PhaseTimeouts {
  readonly headersTimeoutMs: number
  readonly bodyTimeoutMs: number
}

/** What an `Agent` of the client's own is made of. */
export interface OwnAgent extends PhaseTimeouts {
  readonly connectTimeoutMs: number
  readonly tls?: BrokerTls | undefined
  readonly proxy?: BrokerProxy | undefined
}

/** A transport over an `Agent` of its own, closed with the client. */
export function agentTransport(origin: string, own: OwnAgent): Transport {
  const tls = connectionOptionsOf(own.tls)
  warnWhereInsecure(own.tls)
  // Undici writes these types with other words for "absent".
  const connect = { timeout: own.connectTimeoutMs, ...tls } as buildConnector.BuildOptions
  // A proxy for plain HTTP gets the whole request, as proxies expect it: most let CONNECT through to port 443 only.
  const agent =
    own.proxy === 'environment'
      ? new EnvHttpProxyAgent({
          connect,
          requestTls: connect,
          proxyTls: { timeout: own.connectTimeoutMs, ...(tls.ca !== undefined && { ca: tls.ca }) },
          proxyTunnel: false,
        } as ConstructorParameters<typeof EnvHttpProxyAgent>[0])
      : new Agent({ connect })
  return { ...dispatcherTransport(origin, agent, own), close: () => agent.close() }
}

/** A transport over the caller's dispatcher, which stays open: it belongs to the caller. */
export function dispatcherTransport(origin: string, dispatcher: RequestDispatcher, timeouts: PhaseTimeouts): Transport {
  return {
    async send(request: WireRequest, limits: ExchangeLimits): Promise<WireAnswer> {
      // Not undici's request(url): it would pass the path through a URL parser, which resolves `%2E%2E` (T33).
      const { statusCode, headers, body } = await dispatcher.request({
        origin,
        path: request.path,
        method: request.method as 'GET',
        headers: { ...request.headers },
        body: request.body ?? null,
        signal: limits.signal,
        headersTimeout: timeouts.headersTimeoutMs,
        bodyTimeout: timeouts.bodyTimeoutMs,
      })
      limits.onStatus(statusCode)
      return {
        status: statusCode,
        header(name) {
          const value = headers[name.toLowerCase()]
          return Array.isArray(value) ? value[0] : value
        },
        body: await readBody(body, limits),
      }
    },
    close: () => Promise.resolve(),
  }
}

async function readBody(
  body: AsyncIterable<Uint8Array>,
  { signal, maxResponseBytes }: ExchangeLimits,
): Promise<{ text: string } | { fault: BodyFault }> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      if (bytes > maxResponseBytes) return { fault: 'too large' }
      chunks.push(chunk)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (timeoutPhaseOf(error)) throw error
    return { fault: 'cut off' }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) }
  } catch {
    return { fault: 'not UTF-8' }
  }
}
