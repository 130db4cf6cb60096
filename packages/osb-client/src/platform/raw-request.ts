import { withDeadline } from '../deadline.js'
import { redactor } from '../redact.js'
import { openSession } from '../session.js'
import { summaryOf } from '../transport/failure.js'
import { type ClientSettings, clientOptionsOf } from './open-clients.js'
import { requestProfiles } from './profiles.js'
import type { BrokerRecord } from './state.js'

/** A request of the user's own making. */
export interface RawRequest {
  readonly method: string
  /** Path and query below the URL of the broker. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
}

/** The answer as it is. */
export interface RawAnswer {
  readonly status: number
  /** Those that mean something in the protocol. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const toldHeaders = [
  'Content-Type',
  'ETag',
  'Location',
  'Retry-After',
  'WWW-Authenticate',
  'X-Broker-API-Request-Identity',
]

/**
 * Sends one request with the login of the broker, its TLS and the version header, and takes any answer.
 * @throws {Error} without secrets, when no answer came
 */
export async function rawRequest(
  broker: BrokerRecord,
  settings: ClientSettings,
  { method, path, headers: given, body, signal }: RawRequest,
): Promise<RawAnswer> {
  const { apiVersion, polling } = requestProfiles[settings.profile]
  const session = openSession(clientOptionsOf(broker, settings, apiVersion, polling))
  const headers = {
    Accept: 'application/json',
    'X-Broker-API-Version': apiVersion,
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...given,
  }
  const url = session.origin + session.prefix + path
  try {
    const own = await session.auth.headers(() => ({ method, url, body }))
    session.onRequest?.({ method, url, headers, body })
    const request = { method, path: session.prefix + path, headers: { ...headers, ...own }, body }
    const { maxResponseBytes, timeoutMs } = session
    const answer = await withDeadline(timeoutMs, signal, (ending) =>
      session.transport.send(request, { ending, maxResponseBytes, onStatus: () => {} }),
    )
    if ('fault' in answer.body) throw new Error(`the body of the answer is ${answer.body.fault}`)
    const told = toldHeaders.flatMap((name): [string, string][] => {
      const value = answer.header(name)
      return value === undefined ? [] : [[name, value]]
    })
    return { status: answer.status, headers: Object.fromEntries(told), body: answer.body.text }
  } catch (error) {
    signal.throwIfAborted()
    const summary = summaryOf(error, redactor(session.secrets))
    throw new Error(`no answer from the broker: ${summary.message || 'not in time'}`, { cause: summary })
  } finally {
    await session.transport.close()
  }
}
