import { setTimeout } from 'node:timers/promises'

/** Time, as far as polling needs it; tests give their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Ends after `ms`, or rejects with the reason of the signal when that is aborted. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    // Only an abort makes it reject, and with an error of its own in place of the caller's reason.
    await setTimeout(ms, undefined, { signal }).catch(() => {})
    signal?.throwIfAborted()
  },
}
