import type { BrokerAuth } from './client-options.js'

/** The base URL of a broker, in the two parts that a request needs. */
export interface BrokerAddress {
  readonly origin: string
  /** Path prefix without a slash at its end; empty for none (GEN-02). */
  readonly prefix: string
}

/**
 * Takes the base URL apart.
 * @throws {TypeError} when it is no HTTP URL, has a query or fragment, or holds credentials; never repeating it
 */
export function brokerAddress(url: string | URL): BrokerAddress {
  const text = String(url)
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new TypeError('url must be an absolute http or https URL')
  if (parsed.username || parsed.password)
    throw new TypeError('url must not hold credentials, as URLs end up in logs; use the auth option')
  if (parsed.search || parsed.hash) throw new TypeError('url must have neither a query nor a fragment')
  return { origin: parsed.origin, prefix: parsed.pathname.replace(/\/+$/, '') }
}

/**
 * The value of `Authorization` (AUTH-04, AUTH-05), or undefined for `'none'`.
 * @throws {TypeError} when the credentials cannot be written in the header; never repeating them
 */
export function authorizationOf(auth: BrokerAuth): string | undefined {
  if (auth === 'none') return undefined
  if (typeof auth !== 'object' || auth === null)
    throw new TypeError("auth must be { username, password }, { token } or 'none'")
  if ('token' in auth) {
    if (!/^[\x21-\x7e]+$/.test(auth.token)) throw new TypeError('auth.token must be one word of ASCII characters')
    return `Bearer ${auth.token}`
  }
  const { username, password } = auth
  if (typeof username !== 'string' || typeof password !== 'string')
    throw new TypeError("auth must be { username, password }, { token } or 'none'")
  // RFC 7617: whatever follows the first colon is the password.
  if (username.includes(':')) throw new TypeError('auth.username must not hold a colon')
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** All the forms in which an answer could quote the credentials. */
export function authSecrets(auth: BrokerAuth): string[] {
  const header = authorizationOf(auth)
  if (auth === 'none' || header === undefined) return []
  return [header.slice(header.indexOf(' ') + 1), ...('password' in auth ? [auth.password] : [])]
}
