/** Names of the headers that the protocol defines or uses, as they are written on the wire. */
export const headerNames = {
  apiVersion: 'X-Broker-API-Version',
  originatingIdentity: 'X-Broker-API-Originating-Identity',
  requestIdentity: 'X-Broker-API-Request-Identity',
  retryAfter: 'Retry-After',
  etag: 'ETag',
  ifNoneMatch: 'If-None-Match',
} as const

/** The protocol version of these libraries; what a client sends unless told otherwise. */
export const protocolVersion = '2.17'

/** An API version, such as 2.17 as `{ major: 2, minor: 17 }`. */
export interface ApiVersion {
  readonly major: number
  readonly minor: number
}

/**
 * Reads the value of `X-Broker-API-Version`.
 * @returns undefined when it is not `MAJOR.MINOR` in decimal digits (VER-02, A14)
 */
export function parseApiVersion(value: string): ApiVersion | undefined {
  const found = /^(\d{1,6})\.(\d{1,6})$/.exec(value.trim())
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : undefined
}

/** Who made the platform send a request: the platform's name and a JSON object of its own (OID-06 … OID-11). */
export interface OriginatingIdentity {
  readonly platform: string
  readonly value: Readonly<Record<string, unknown>>
}

/**
 * Reads `X-Broker-API-Originating-Identity`: split at the first space, then Base64 (padding optional, URL alphabet
 * tolerated), then one JSON object (T50).
 * @returns undefined when the value is malformed; the header is the platform's duty, so a broker answers 400
 */
export function parseOriginatingIdentity(header: string): OriginatingIdentity | undefined {
  const space = header.indexOf(' ')
  if (space < 1) return undefined
  const base64 = header
    .slice(space + 1)
    .trim()
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  try {
    const value: unknown = JSON.parse(decodeUtf8(atob(base64)))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return { platform: header.slice(0, space), value: value as Record<string, unknown> }
  } catch {
    return undefined
  }
}

/** @param binary a character for each byte @throws {TypeError} when it is not valid UTF-8 */
function decodeUtf8(binary: string): string {
  if (/^[\0-\x7f]*$/.test(binary)) return binary
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/**
 * Writes `X-Broker-API-Originating-Identity` in strict Base64 of the UTF-8 JSON.
 * @throws {TypeError} when the platform name is empty or has a space or control character
 */
export function formatOriginatingIdentity({ platform, value }: OriginatingIdentity): string {
  if (!/^[\x21-\x7e]+$/.test(platform))
    throw new TypeError('originating identity: platform must be one word of ASCII characters')
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return `${platform} ${btoa(binary)}`
}

const httpDate = new RegExp(
  [
    /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/, // Sun, 06 Nov 1994 08:49:37 GMT
    /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/, // Sunday, 06-Nov-94 08:49:37 GMT
    /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/, // Sun Nov  6 08:49:37 1994
  ]
    .map(({ source }) => source)
    .join('|'),
)

/**
 * Reads `Retry-After`, seconds or an HTTP date in any of its three forms (T22).
 * @param nowMs the present time, needed for dates
 * @returns seconds to wait (0 for a date that has passed), or undefined when the value is neither
 */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const text = value.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
  // Date.parse alone would take "-5", "2.5" and "Monday 5" for dates.
  if (!httpDate.test(text)) return undefined
  // The third form has no zone, and Date.parse would read it as local time; HTTP dates are always UTC.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMs) / 1000))
}
