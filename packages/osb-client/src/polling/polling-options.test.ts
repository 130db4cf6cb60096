import { expect, it } from 'vitest'
import { pollDelayMs, pollingSettings } from './polling-options.js'

it('puts the options of a call before those of the client, and these before the defaults', () => {
  const client = { startIntervalMs: 5, maximumPollingMs: 10 }
  expect(pollingSettings(client, { startIntervalMs: 7, maxIntervalMs: undefined })).toEqual({
    startIntervalMs: 7,
    maximumPollingMs: 10,
    maxIntervalMs: 30_000,
    maxRetryAfterMs: 600_000,
  })
})

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses %d milliseconds', (maximumPollingMs) => {
  expect(() => pollingSettings({ maximumPollingMs })).toThrow(/^maximumPollingMs must be between/)
})

it('never waits less than the start interval, nor a number that is none after many polls', () => {
  const settings = pollingSettings({ startIntervalMs: 50, maxIntervalMs: 10 })
  expect(pollDelayMs(0, undefined, settings)).toBe(50)
  expect(pollDelayMs(100_000, undefined, settings)).toBe(50)
  expect(pollDelayMs(0, 0, settings)).toBe(50)
})
