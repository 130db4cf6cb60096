import { randomUUID } from 'node:crypto'
import { headerNames, type OperationName } from 'osb-protocol'
import { type AuthHeaders, openAuth } from '../auth/open-auth.js'
import type { BrokerAuth } from '../auth/broker-auth.js'
import { brokerAddress } from '../broker-address.js'
import { CallTimeout, withDeadline } from '../deadline.js'
import { assertAgentOptions, type BrokerProxy, type BrokerTls } from '../transport/agent-options.js'
import { type BrokerFetch, fetchTransport } from '../transport/fetch-transport.js'
import type { Transport } from '../transport/transport.js'
import { agentTransport } from '../transport/undici-transport.js'
import { type CutPoint, cutRequest } from './cut-request.js'
import type { Sent } from './sent.js'

/** A request that may be wrong on purpose. */
export interface RawRequest {
  readonly label: string
  readonly operation?: OperationName | undefined
  readonly method: string
  /** Path and query below the broker's prefix, percent-encoded. */
  readonly path: string
  /** Added to, or in place of, what every request has; null leaves a header out. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown
  /** In place of the run's own login. */
  readonly authorization?: string | null | undefined
  readonly apiVersion?: string | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RawBrokerOptions {
  readonly url: string | URL
  readonly auth: BrokerAuth
  readonly fetch?: BrokerFetch | undefined
  readonly tls?: BrokerTls | undefined
  readonly proxy?: BrokerProxy | undefined
  readonly apiVersion: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Sends requests as they are, right or wrong, and keeps none of the client's rules: no retries, no reading. */
export interface RawBroker {
  readonly origin: string
  readonly prefix: string
  /** How many requests were sent. */
  readonly requests: number
  /** What no report may show. */
  readonly secrets: readonly unknown[]
  /** Whether the run has been given a login. */
  readonly hasLogin: boolean
  /** An `Authorization` as the run's own, with a wrong secret in it; undefined where none can be made. */
  readonly wrongAuthorization: string | undefined
  /** Never rejects for what the broker does. @throws the reason of the run's signal once that is aborted */
  send(request: RawRequest): Promise<Sent>
  /**
   * Sends a request up to a point and hangs up there; undefined where the connections are not this process's own.
   * @throws the reason of the run's signal once that is aborted
   */
  cut(request: RawRequest, point: CutPoint): Promise<Sent | undefined>
  close(): Promise<void>
}

const maxResponseBytes = 4 * 1024 * 1024
const connectTimeoutMs = 10_000

export function openRawBroker(options: RawBrokerOptions): RawBroker {
  const { origin, prefix } = brokerAddress(options.url)
  const auth = openAuth(options.auth)
  const transport = openTransport(origin, options)
  let requests = 0

  async function headersOf(request: RawRequest, body: string | undefined): Promise<Record<string, string>> {
    const url = `${origin}${prefix}${request.path}`
    const own: AuthHeaders =
      request.authorization === undefined ? await auth.headers(() => ({ method: request.method, url, body })) : {}
    const headers: Record<string, string | null> = {
      Accept: 'application/json',
      [headerNames.apiVersion]: request.apiVersion ?? options.apiVersion,
      [headerNames.requestIdentity]: randomUUID(),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...own,
      ...(request.authorization ? { Authorization: request.authorization } : {}),
      ...request.headers,
    }
    return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null))
  }

  async function write(request: RawRequest) {
    const { method, label, operation } = request
    const body = request.body === undefined ? undefined : toText(request.body)
    return { label, operation, method, path: prefix + request.path, headers: await headersOf(request, body), body }
  }

  return {
    origin,
    prefix,
    get requests() {
      return requests
    },
    get secrets() {
      return auth.secrets
    },
    hasLogin: options.auth !== 'none',
    wrongAuthorization: wrongAuthorization(options.auth),
    async send(request) {
      options.signal?.throwIfAborted()
      const written = await write(request)
      const { method, path, headers, body } = written
      const over = stopwatch()
      requests += 1
      try {
        const answer = await withDeadline(
          request.timeoutMs ?? options.timeoutMs,
          request.signal ?? options.signal,
          (ending) =>
            transport.send({ method, path, headers, body }, { ending, maxResponseBytes, onStatus: () => undefined }),
        )
        const text = 'text' in answer.body ? answer.body.text : ''
        const failure = 'fault' in answer.body ? `the body is ${answer.body.fault}` : undefined
        const { status } = answer
        return {
          ...written,
          status,
          header: (name) => answer.header(name),
          text,
          json: parse(text),
          failure,
          durationMs: over(),
        }
      } catch (error) {
        options.signal?.throwIfAborted()
        return { ...written, ...noAnswer, failure: failureText(error), durationMs: over() }
      }
    },
    async cut(request, point) {
      options.signal?.throwIfAborted()
      if (options.fetch ?? options.proxy) return undefined
      const written = await write(request)
      const over = stopwatch()
      requests += 1
      const failure = await withDeadline(options.timeoutMs, options.signal, (ending) =>
        cutRequest(origin, options.tls, { ...written, body: written.body ?? '' }, point, ending.signal),
      ).then(() => `cut off ${point}`, failureText)
      options.signal?.throwIfAborted()
      return { ...written, ...noAnswer, failure, durationMs: over() }
    },
    close: () => transport.close(),
  }
}

const noAnswer = { status: 0, header: () => undefined, text: '', json: undefined }

function stopwatch(): () => number {
  const begun = performance.now()
  return () => Math.round(performance.now() - begun)
}

function wrongAuthorization(auth: BrokerAuth): string | undefined {
  if (auth === 'none' || 'headers' in auth) return undefined
  if ('token' in auth) return 'Bearer osb-check-wrong-token'
  return `Basic ${Buffer.from(`${auth.username}:osb-check-wrong-password`).toString('base64')}`
}

function openTransport(origin: string, { fetch, tls, proxy, timeoutMs }: RawBrokerOptions): Transport {
  if (fetch && (tls ?? proxy)) throw new TypeError('tls and proxy are for own connections: leave fetch out')
  if (fetch) return fetchTransport(origin, fetch)
  assertAgentOptions({ tls, proxy })
  return agentTransport(origin, { connectTimeoutMs, headersTimeoutMs: timeoutMs, bodyTimeoutMs: timeoutMs, tls, proxy })
}

function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function failureText(error: unknown): string {
  if (error instanceof CallTimeout) return 'no answer in time'
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  const known = code ?? cause?.code
  return typeof known === 'string' ? known : 'the connection failed'
}
