import { type OperationName, parseRetryAfter } from 'osb-protocol'
import type { Clock } from '../clock.js'
import { pollDelayMs, type PollingSettings } from '../polling/polling-options.js'
import { bodyOf, type Sent } from './sent.js'

/** What polling showed. */
export interface Polled {
  /** `unknown`: it ended with another answer than one of a last operation, or the time was over. */
  readonly state: 'succeeded' | 'failed' | 'gone' | 'unknown'
  readonly polls: readonly Sent[]
  readonly last: Sent
}

export interface PollOptions {
  /** Ends after so many polls, with the state `unknown`. */
  readonly maximumPolls?: number | undefined
}

/** One poll of the operation that is asked after. */
export type SendPoll = () => Promise<Sent>

/**
 * Polls until the operation has ended, in the rhythm that the broker asks for.
 * @param operation of the 202
 */
export async function pollToEnd(
  operation: OperationName,
  send: SendPoll,
  settings: PollingSettings,
  clock: Clock,
  signal: AbortSignal,
  maximumPolls: number,
): Promise<Polled> {
  const polls: Sent[] = []
  const endsAt = clock.now() + settings.maximumPollingMs
  let retryAfter: number | undefined
  for (;;) {
    // Who asks once only, wants to know how it is now.
    if (maximumPolls > 1) await clock.sleep(pollDelayMs(polls.length, retryAfter, settings), signal)
    const last = await send()
    polls.push(last)
    const state = stateOf(operation, last)
    if (state) return { state, polls, last }
    if (polls.length >= maximumPolls || clock.now() >= endsAt) return { state: 'unknown', polls, last }
    const header = last.header('retry-after')
    retryAfter = header === undefined ? undefined : parseRetryAfter(header, clock.now())
  }
}

function stateOf(operation: OperationName, sent: Sent): Polled['state'] | undefined {
  // What is deleted no longer exists: 404 says it as well (A4).
  const isGone = sent.status === 410 || sent.status === 404
  if (isGone && (operation === 'deprovision' || operation === 'unbind')) return 'gone'
  if (sent.status !== 200) return 'unknown'
  const { state } = bodyOf(sent)
  if (state === 'in progress') return undefined
  return state === 'succeeded' || state === 'failed' ? state : 'unknown'
}
