import type { TimeoutPhase } from '../errors/broker-timeout-error.js'
import { pinErrorCode } from './agent-options.js'

/** Codes of Node and undici that say: no connection was made, so the broker cannot have seen the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_INVALID_ARG', // Among them a 407 of a proxy to a plain request.
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_PRX_TLS',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  pinErrorCode,
])

const timeoutPhases: Readonly<Record<string, TimeoutPhase>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  ETIMEDOUT: 'connect', // By the operating system, which may be less patient than we are.
  UND_ERR_HEADERS_TIMEOUT: 'headers',
  UND_ERR_BODY_TIMEOUT: 'body',
}

/** Which time-out of undici, or of a `fetch` over it, an error tells of. */
export function timeoutPhaseOf(error: unknown): TimeoutPhase | undefined {
  return codesOf(error)
    .map((code) => timeoutPhases[code])
    .find(Boolean)
}

/** Whether the broker may have seen the request that ended in this error. Where that is not known, it may. */
export function maySent(error: unknown): boolean {
  return !codesOf(error).some((code) => neverSent.has(code)) && !isTunnelRefused(error)
}

/** A proxy did not open the way to the broker. Undici has no code for it alone. */
function isTunnelRefused(error: unknown): boolean {
  const root = rootOf(error)
  return (
    root instanceof Error && codesOf(root).includes('UND_ERR_ABORTED') && root.message.endsWith(' when HTTP Tunneling')
  )
}

/** The call cannot be sent by this transport: the caller's mistake, not the broker's. */
export class UnsendableError extends TypeError {}

/** The codes of an error and its causes: a `fetch` hides the real error as the cause of "fetch failed". */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  return codes
}

/**
 * What a message and a `cause` may tell of an error from below. The error itself is not passed on: undici's parser
 * error holds the bytes that came, its mock's message the headers that were sent.
 */
export function summaryOf(error: unknown, redact: (text: string) => string): Error {
  const root = rootOf(error)
  const code = codesOf(error).at(-1)
  const message = root instanceof Error ? root.message : String(root)
  // Node gives no message when all addresses of a host refused the connection.
  const summary = new Error(redact(message) || (code ?? 'unknown'))
  if (root instanceof Error) summary.name = root.name
  if (code !== undefined) Object.defineProperty(summary, 'code', { value: code, enumerable: true })
  const frames = root instanceof Error ? (root.stack?.split('\n').filter((line) => /^ +at /.test(line)) ?? []) : []
  summary.stack = [`${summary.name}: ${summary.message}`, ...frames].join('\n')
  return summary
}

function rootOf(error: unknown): unknown {
  let root = error
  for (let depth = 0; root instanceof Error && root.cause instanceof Error && depth < 5; depth++) root = root.cause
  return root
}
