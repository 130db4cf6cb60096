import { Agent, type buildConnector, EnvHttpProxyAgent } from 'undici'
import { type BrokerProxy, type BrokerTls, connectionOptionsOf, warnWhereInsecure } from './agent-options.js'
import { AnswerHandler } from './answer-handler.js'
import type { ExchangeLimits, Transport, WireAnswer, WireRequest } from './transport.js'

/** The part of undici's `Dispatcher` that this client uses: an `Agent`, `MockAgent`, `ProxyAgent` of undici 7 fits. */
export interface RequestDispatcher {
  dispatch(
    options: {
      origin: string
      path: string
      method: 'GET' | 'PUT' | 'PATCH' | 'DELETE'
      headers: Readonly<Record<string, string>>
      body: string | null
      headersTimeout: number
      bodyTimeout: number
    },
    handler: object,
  ): boolean
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
  const agent = own.proxy === 'environment' ? proxyAgent(connect, own) : new Agent({ connect })
  return { ...dispatcherTransport(origin, agent, own), close: () => agent.close() }
}

/**
 * A proxy for plain HTTP gets the whole request, as proxies expect it: most let CONNECT through to port 443 only.
 * @throws {TypeError} when a variable holds no URL; its value, which may hold a password, is not repeated
 */
function proxyAgent(connect: buildConnector.BuildOptions, own: OwnAgent): EnvHttpProxyAgent {
  const { ca } = connectionOptionsOf(own.tls)
  const proxyTls = { timeout: own.connectTimeoutMs, ...(ca !== undefined && { ca }) }
  try {
    return new EnvHttpProxyAgent({ connect, requestTls: connect, proxyTls, proxyTunnel: false })
  } catch {
    throw new TypeError('proxy: HTTP_PROXY or HTTPS_PROXY is not the URL of a proxy')
  }
}

/** A transport over the caller's dispatcher, which stays open: it belongs to the caller. */
export function dispatcherTransport(origin: string, dispatcher: RequestDispatcher, timeouts: PhaseTimeouts): Transport {
  return {
    send: ({ method, path, headers, body }: WireRequest, limits: ExchangeLimits): Promise<WireAnswer> =>
      new Promise((resolve, reject) => {
        // Not undici's request(): a URL parser would resolve `%2E%2E` in the path (T33), and a stream for each body
        // costs as much as all the rest of a call.
        dispatcher.dispatch(
          {
            origin,
            path,
            method: method as 'GET',
            headers,
            body: body ?? null,
            headersTimeout: timeouts.headersTimeoutMs,
            bodyTimeout: timeouts.bodyTimeoutMs,
          },
          new AnswerHandler(limits, resolve, reject),
        )
      }),
    close: () => Promise.resolve(),
  }
}
