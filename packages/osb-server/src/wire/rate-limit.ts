import { OsbError } from '../errors.js'
import type { WireRequest } from './wire-request.js'

/** How many requests a source may send. */
export interface RateLimit {
  /** How many at once, and on average in each `perMs`. */
  readonly requests: number
  /** Milliseconds. */
  readonly perMs: number
  /**
   * Tells sources apart. Default: the remote address, for IPv6 its network of 64 bits. Behind a proxy all requests come
   * from one address: take what the proxy says then, from a header that it overwrites. Requests for which it returns
   * undefined count as one source.
   */
  readonly sourceOf?: ((request: Pick<WireRequest, 'header' | 'remoteAddress'>) => string | undefined) | undefined
}

/** @throws {OsbError} 429 with `Retry-After` for a request over the limit */
export type CheckRate = (request: WireRequest) => void

const rememberedSources = 10_000
/** Sums of fractions may be a little over; that must not refuse the last request that is allowed. */
const roundingMs = 0.001

/**
 * Counts requests by source, whatever becomes of them. Of each source only the time is kept at which its allowance
 * will be whole again; of more than 10,000 sources, the one that was silent longest is forgotten.
 * @throws {TypeError} when a number is not positive
 */
export function limitRate({ requests, perMs, sourceOf = addressOf }: RateLimit): CheckRate {
  if (!(Number.isSafeInteger(requests) && requests > 0 && Number.isFinite(perMs) && perMs > 0))
    throw new TypeError('rateLimit needs requests, a positive whole number, and perMs, a positive number')
  const wholeAtMs = new Map<string, number>()
  const costMs = perMs / requests

  return (request) => {
    const source = sourceOf(request) ?? ''
    const nowMs = performance.now()
    const afterMs = Math.max(wholeAtMs.get(source) ?? 0, nowMs) + costMs
    const waitMs = afterMs - nowMs - perMs
    if (waitMs > roundingMs) throw OsbError.tooManyRequests(Math.ceil(waitMs / 1000))
    // Set anew, so that the map's order is that of the last requests.
    wholeAtMs.delete(source)
    wholeAtMs.set(source, afterMs)
    const [oldest] = wholeAtMs.keys()
    if (oldest !== undefined && wholeAtMs.size > rememberedSources) wholeAtMs.delete(oldest)
  }
}

function addressOf({ remoteAddress }: Pick<WireRequest, 'remoteAddress'>): string | undefined {
  if (remoteAddress === undefined || !remoteAddress.includes(':') || remoteAddress.includes('.'))
    return remoteAddress?.replace(/^::ffff:/i, '')
  // Whoever has one address of a network of 64 bits has them all.
  const [left = ''] = remoteAddress.split('::', 1)
  const groups = left.split(':').filter((group) => group !== '')
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':')
}
