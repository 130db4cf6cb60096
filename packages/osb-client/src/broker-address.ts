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
