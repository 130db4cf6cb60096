import { afterEach, expect, it, vi } from 'vitest'
import { callAt } from './timers.js'

afterEach(() => {
  vi.useRealTimers()
})

const day = 24 * 60 * 60 * 1000

it.each([
  ['a time to come', 1_000, 1_000, 1],
  ['a time that has passed', -1_000, 0, 1],
  ['no time', undefined, day, 0],
  ['a time beyond what a timer can count', 40 * day, 30 * day, 0],
])('callAt: %s', (_what, inMs, passedMs, calls) => {
  vi.useFakeTimers()
  const call = vi.fn()
  callAt(inMs === undefined ? undefined : Date.now() + inMs, call)
  vi.advanceTimersByTime(passedMs)
  expect(call).toHaveBeenCalledTimes(calls)
})
