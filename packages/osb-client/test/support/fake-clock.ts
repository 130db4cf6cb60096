import type { Clock } from '../../src/clock.js'

/** A clock that jumps instead of waiting, and remembers for how long it was asked to wait. */
export function fakeClock(startMs = 0): Clock & { readonly sleeps: number[] } {
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
