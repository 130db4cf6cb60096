import { parseRetryAfter } from 'osb-protocol'
import { maySent } from '../transport/failure.js'
import type { WireAnswer } from '../transport/transport.js'

const firstDelayMs = 200
const longestDelayMs = 10_000
/** A proxy's or a starting broker's way to say "not now". */
const unavailable = new Set([502, 503, 504])

/** Why a request may be sent again without harm. */
export type RetryReason = 'not-sent' | 'no-answer' | 'unavailable'

/**
 * Whether a request that got no answer may be sent again: any that the broker cannot have seen, and those that only
 * read. What creates, changes or deletes and may have been seen is not repeated: after such an end the table of
 * orphans says what to do.
 */
export function retryAfterError(method: string, error: unknown): RetryReason | undefined {
  if (!maySent(error)) return 'not-sent'
  return method === 'GET' ? 'no-answer' : undefined
}

/** Whether an answer says that the same request may do better soon; 429 promises that nothing was done. */
export function retryAfterAnswer(method: string, { status }: WireAnswer): RetryReason | undefined {
  return status === 429 || (method === 'GET' && unavailable.has(status)) ? 'unavailable' : undefined
}

/** Milliseconds to wait before another try: what the broker asks for, else longer each time, and never all at once. */
export function retryDelayMs(tries: number, retryAfter: string | undefined, nowMs: number): number {
  const seconds = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, nowMs)
  const wanted = seconds === undefined ? firstDelayMs * 2 ** tries * (0.5 + Math.random() / 2) : seconds * 1000
  return Math.min(wanted, longestDelayMs)
}
