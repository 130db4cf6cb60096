import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { CallTimeout, type Ending, withDeadline } from './deadline.js'

it('gives the result, and lets go of the outer signal', async () => {
  const { signal } = new AbortController()
  expect(await withDeadline(1000, signal, () => Promise.resolve('done'))).toBe('done')
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

it('ends in time what pays no heed to its signal, and aborts that signal', async () => {
  const ended: unknown[] = []
  let inner: AbortSignal | undefined
  const deaf = (ending: Ending): Promise<never> => {
    inner = ending.signal
    ending.onEnd((reason) => ended.push(reason))
    return new Promise(() => {})
  }
  await expect(withDeadline(10, undefined, deaf)).rejects.toBeInstanceOf(CallTimeout)
  expect(inner?.aborted).toBe(true)
  expect(ended).toEqual([expect.any(CallTimeout)])
})

it('tells those who ask late that it is over', async () => {
  let kept: Ending | undefined
  const late = (ending: Ending): Promise<never> => {
    kept = ending
    return new Promise(() => {})
  }
  const reason = new Error('enough')
  const controller = new AbortController()
  const call = withDeadline(1000, controller.signal, late)
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  const told: unknown[] = []
  kept?.onEnd((why) => told.push(why))
  expect(told).toEqual([reason])
  expect(kept?.signal.reason).toBe(reason)
  expect(() => kept?.throwIfOver()).toThrow(reason)
})

it('ends with the reason of the outer signal, and runs nothing when that is aborted already', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 5)
  await expect(withDeadline(1000, controller.signal, () => new Promise(() => {}))).rejects.toBe(reason)
  const never = (): Promise<never> => Promise.reject(new Error('must not run'))
  await expect(withDeadline(1000, controller.signal, never)).rejects.toBe(reason)
})
