import type { LastOperation, LastOperationOutcome, PolledKind } from 'osb-protocol'
import type { Clock } from '../clock.js'
import { BrokerResponseError } from '../errors/broker-response-error.js'
import { BrokerClientError } from '../errors/client-error.js'
import { pollDelayMs, type PollingSettings } from './polling-options.js'

/** What to poll, and how. */
export interface Polled {
  readonly kind: PolledKind
  /** Asks once. */
  poll(): Promise<LastOperationOutcome>
  readonly settings: PollingSettings
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** `Retry-After` of the 202. */
  readonly retryAfterSeconds: number | undefined
}

/** How polling ended. */
export type PollingEnd =
  | { readonly end: 'succeeded'; readonly lastOperation: LastOperation }
  | { readonly end: 'failed'; readonly lastOperation: LastOperation }
  /** A delete is over, and the broker does not know the thing any more. */
  | { readonly end: 'gone'; readonly lastOperation?: undefined }
  | {
      readonly end: 'out-of-time'
      readonly lastOperation: LastOperation | undefined
      /** What the last poll failed with. */
      readonly fault: BrokerClientError | undefined
    }

/**
 * Polls until the operation is over, or the time is (SYN-14, POL-04), and gives every valid answer, the last one
 * included. A poll that fails does not end the operation: polling goes on (LOI-16, T20). 410 is the end of a delete, and
 * no valid answer otherwise (LOI-13, LOI-14, T19).
 * @throws the reason of the signal when that is aborted
 */
export async function* pollOperation(polled: Polled): AsyncGenerator<LastOperation, PollingEnd, void> {
  const { kind, settings, clock, signal } = polled
  const deadline = clock.now() + settings.maximumPollingMs
  let lastOperation: LastOperation | undefined
  let fault: BrokerClientError | undefined
  let { retryAfterSeconds } = polled
  for (let polls = 0; ; polls++) {
    const remainingMs = deadline - clock.now()
    if (remainingMs <= 0) return { end: 'out-of-time', lastOperation, fault }
    await clock.sleep(Math.min(pollDelayMs(polls, retryAfterSeconds, settings), remainingMs), signal)
    const answer = await polled.poll().catch(asFault)
    fault = answer instanceof BrokerClientError ? answer : undefined
    if (kind === 'delete' && isGone(answer)) return { end: 'gone' }
    const found = !(answer instanceof BrokerClientError) && answer.outcome === 'found' ? answer : undefined
    retryAfterSeconds = found?.retryAfterSeconds
    if (!found) continue
    lastOperation = found.body
    yield lastOperation
    if (lastOperation.state !== 'in progress') return { end: lastOperation.state, lastOperation }
  }
}

function asFault(error: unknown): BrokerClientError {
  if (error instanceof BrokerClientError) return error
  throw error
}

/**
 * 410, or 404 with an error object (A4): the broker itself says that the thing is not there. A 404 without one may
 * come from a router whose broker is just being restarted.
 */
function isGone(answer: LastOperationOutcome | BrokerClientError): boolean {
  if (answer instanceof BrokerResponseError) return answer.status === 404 && answer.body !== undefined
  return !(answer instanceof BrokerClientError) && answer.outcome === 'gone'
}
