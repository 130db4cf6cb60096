import type { Clock } from '../clock.js'

/** A clock for tests. */
export interface FakeClock extends Clock {
  /** How long it was asked to wait, in milliseconds, one after the other. */
  readonly sleeps: readonly number[]
}

/**
 * A clock that jumps instead of waiting, so that a test of polling takes no time.
 * @param startMs what it shows at first, in milliseconds since 1970
 * @example
 * const clock = fakeClock()
 * const client = createBrokerClient({ url, auth, clock })
 */
export function fakeClock(startMs = 0): FakeClock {
  let nowMs = startMs
  const sleeps: number[] = []
  return {
    sleeps,
    now: () => nowMs,
    sleep(ms, signal) {
      signal?.throwIfAborted()
      sleeps.push(ms)
      nowMs += ms
      return Promise.resolve()
    },
  }
}
