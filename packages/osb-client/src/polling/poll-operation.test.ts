import type { ErrorResponse, LastOperation, LastOperationOutcome, PolledKind } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import { BrokerResponseError } from '../errors/broker-response-error.js'
import { BrokerUnreachableError } from '../errors/broker-unreachable-error.js'
import { pollOperation, type Polled } from './poll-operation.js'
import { pollingSettings } from './polling-options.js'

const call = { operation: 'lastInstanceOperation', requestIdentity: 'r', orphanMitigation: 'none' } as const
const found = (state: LastOperation['state'], retryAfterSeconds?: number): LastOperationOutcome => ({
  outcome: 'found',
  body: { state },
  retryAfterSeconds,
})
const gone: LastOperationOutcome = { outcome: 'gone', body: {} }
const status = (code: number, body?: ErrorResponse) =>
  new BrokerResponseError('answered', { ...call, status: code, body })
const unreachable = new BrokerUnreachableError('no answer', call, new Error('ECONNREFUSED'))

type Step = LastOperationOutcome | Error

/** Polls through the steps; the last one is repeated for ever. */
async function poll(
  kind: PolledKind,
  steps: readonly Step[],
  { onProgress, ...given }: Partial<Polled> & { onProgress?: (told: LastOperation) => void } = {},
) {
  const clock = fakeClock()
  let polls = 0
  const answers = pollOperation({
    kind,
    poll: () => {
      const step = steps[Math.min(polls++, steps.length - 1)]
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step ?? gone)
    },
    settings: pollingSettings({ startIntervalMs: 1000, maxIntervalMs: 2000, maximumPollingMs: 60_000 }),
    clock,
    signal: undefined,
    retryAfterSeconds: undefined,
    ...given,
  })
  let next = await answers.next()
  for (; !next.done; next = await answers.next()) onProgress?.(next.value)
  return { end: next.value, polls, sleeps: clock.sleeps }
}

describe('pollOperation', () => {
  it('LOI-18, LOI-19: polls while in progress and stops on success', async () => {
    const { end, polls } = await poll('create', [found('in progress'), found('in progress'), found('succeeded')])
    expect(end).toEqual({ end: 'succeeded', lastOperation: { state: 'succeeded' } })
    expect(polls).toBe(3)
  })

  it('LOI-19: stops on failure', async () => {
    const { end, polls } = await poll('update', [found('in progress'), found('failed')])
    expect(end).toMatchObject({ end: 'failed', lastOperation: { state: 'failed' } })
    expect(polls).toBe(2)
  })

  it('LOI-13, LOB-15, T19: 410 is the end of a delete', async () => {
    expect((await poll('delete', [found('in progress'), gone])).end).toEqual({ end: 'gone' })
  })

  it.each(['create', 'update'] as const)('LOI-14, LOB-16, T19: 410 is no answer to a %s', async (kind) => {
    const { end, polls } = await poll(kind, [gone, gone, found('succeeded')])
    expect(end.end).toBe('succeeded')
    expect(polls).toBe(3)
  })

  it('LOI-16, LOB-18, T20: polls on through every other status and through no answer at all', async () => {
    const faults = [status(500, {}), status(503), status(404, {}), status(400), status(401), unreachable]
    const { end, polls } = await poll('create', [...faults, found('succeeded')])
    expect(end.end).toBe('succeeded')
    expect(polls).toBe(faults.length + 1)
  })

  it('A4: 404 with an error object is the end of a delete, 404 from a router is not', async () => {
    expect((await poll('delete', [status(404, { description: 'no such instance' })])).end).toEqual({ end: 'gone' })
    expect((await poll('delete', [status(404), gone])).polls).toBe(2)
  })

  it('POL-04, POL-05, T21: gives up when the time is over, after a last poll at that very time', async () => {
    const { end, sleeps } = await poll('create', [found('in progress')])
    expect(end).toEqual({ end: 'out-of-time', lastOperation: { state: 'in progress' }, fault: undefined })
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(60_000)
  })

  it('POL-04: tells what the last poll failed with when it gives up', async () => {
    const { end } = await poll('delete', [found('in progress'), unreachable])
    expect(end).toEqual({ end: 'out-of-time', lastOperation: { state: 'in progress' }, fault: unreachable })
  })

  it('begins after the start interval and waits half as long again each time, up to the maximum', async () => {
    const { sleeps } = await poll('create', [...Array<Step>(4).fill(found('in progress')), found('succeeded')])
    expect(sleeps).toEqual([1000, 1500, 2000, 2000, 2000])
  })

  it('LOI-25, LOB-23: waits as long as Retry-After says for the next poll, and only for that', async () => {
    const steps = [found('in progress', 20), found('in progress'), found('in progress', 0), found('succeeded')]
    const { sleeps } = await poll('create', steps, { retryAfterSeconds: 5 })
    expect(sleeps).toEqual([5000, 20_000, 2000, 1000])
  })

  it('LOI-25: cuts a Retry-After that is longer than the cap, and any that would pass the end', async () => {
    const settings = pollingSettings({ maxRetryAfterMs: 30_000, maximumPollingMs: 50_000 })
    const { sleeps } = await poll('create', [found('in progress', 86_400)], { settings, retryAfterSeconds: 86_400 })
    expect(sleeps).toEqual([30_000, 20_000])
  })

  it('gives every valid answer, the last one included', async () => {
    const told: string[] = []
    const onProgress = ({ state }: LastOperation): void => void told.push(state)
    await poll('create', [found('in progress'), unreachable, gone, found('succeeded')], { onProgress })
    expect(told).toEqual(['in progress', 'succeeded'])
  })

  it('rejects with the reason of the signal, whether it comes during a wait or a poll', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const onProgress = (): void => controller.abort(reason)
    await expect(poll('create', [found('in progress')], { signal: controller.signal, onProgress })).rejects.toBe(reason)
    const during = new AbortController()
    const aborting = (): Promise<never> => {
      during.abort(reason)
      return Promise.reject(unreachable)
    }
    await expect(poll('create', [], { signal: during.signal, poll: aborting })).rejects.toBe(reason)
  })

  it('does not poll on through a mistake in the program', async () => {
    await expect(poll('create', [new TypeError('a mistake')])).rejects.toThrow('a mistake')
  })
})
