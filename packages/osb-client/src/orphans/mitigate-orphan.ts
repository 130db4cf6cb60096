import { BrokerClientError } from '../errors/client-error.js'
import type { Deletion, WaitingCalls } from '../operations/waiting-calls.js'
import { positive } from '../positive.js'
import type { Session } from '../session.js'
import type { Orphan } from './orphan.js'

/** How persistently to delete an orphan. All times are in milliseconds. */
export interface MitigationOptions {
  /**
   * How many deletes to try in all, each polled to its end.
   * @default 11
   */
  readonly attempts?: number | undefined
  /**
   * Between the first delete and the second; twice as long each time after that.
   * @default 1_000
   */
  readonly startDelayMs?: number | undefined
  /**
   * Most between two deletes.
   * @default 600_000
   */
  readonly maxDelayMs?: number | undefined
  /** Ends the wait and the delete that is under way. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Deletes an orphan, again and again until the broker reports success (ORPH-01, ORPH-02): 200, `succeeded` or 410. The
 * ledger of the client is told. Sent without an originating identity, as no user asked for it (OID-03).
 * @throws {BrokerClientError} what the last delete ended with, when none succeeded
 */
export async function mitigateOrphan(
  session: Session,
  { deprovisionAndWait, unbindAndWait }: WaitingCalls,
  orphan: Orphan,
  options: MitigationOptions = {},
): Promise<Deletion> {
  const attempts = positive('attempts', options.attempts, 11)
  const startDelayMs = positive('startDelayMs', options.startDelayMs, 1_000)
  const maxDelayMs = positive('maxDelayMs', options.maxDelayMs, 600_000)
  const { signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return orphan.target === 'instance'
        ? await deprovisionAndWait(orphan, { signal })
        : await unbindAndWait(orphan, { signal })
    } catch (error) {
      if (!(error instanceof BrokerClientError) || attempt >= attempts) throw error
    }
    await session.clock.sleep(Math.min(startDelayMs * 2 ** (attempt - 1), maxDelayMs), signal)
  }
}
