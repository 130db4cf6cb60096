import type { WireAnswer, WireRequest } from '../transport/transport.js'

/** Where an answer points to. */
export type Redirect = { readonly path: string } | { readonly refusal: string }

const statuses = new Set([301, 302, 307, 308])

/**
 * Reads a redirect. It is followed within the origin of the broker only: another one would get the credentials, and
 * the parameters of a request too. A method is never changed, so 303 is not followed, and what is no GET follows 307
 * and 308 alone.
 */
export function readRedirect(
  { status, header }: WireAnswer,
  request: WireRequest,
  origin: string,
): Redirect | undefined {
  if (!statuses.has(status)) return undefined
  const location = header('Location')
  if (location === undefined || !URL.canParse(location, origin + request.path)) return undefined
  if (request.method !== 'GET' && status < 307) return { refusal: `a ${request.method} does not follow ${status}` }
  const target = new URL(location, origin + request.path)
  if (target.origin !== origin)
    return { refusal: `it points to another origin, ${target.origin}, which gets no credentials: change url` }
  // URL parsers resolve these, and the path would be that of something else (T33).
  if (/(^|\/)(\.|%2e){1,2}(?=\/|\?|#|$)/i.test(location)) return { refusal: 'it has a dot segment' }
  return { path: target.pathname + target.search }
}
