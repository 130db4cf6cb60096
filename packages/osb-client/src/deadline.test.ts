import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { CallTimeout, withDeadline } from './deadline.js'

it('gives the result, and lets go of the outer signal', async () => {
  const { signal } = new AbortController()
  expect(await withDeadline(1000, signal, () => Promise.resolve('done'))).toBe('done')
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

it('ends in time what pays no heed to its signal, and aborts that signal', async () => {
  let inner: AbortSignal | undefined
  const deaf = (signal: AbortSignal): Promise<never> => {
    inner = signal
    return new Promise(() => {})
  }
  await expect(withDeadline(10, undefined, deaf)).rejects.toBeInstanceOf(CallTimeout)
  expect(inner?.aborted).toBe(true)
})

it('ends with the reason of the outer signal, and runs nothing when that is aborted already', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 5)
  await expect(withDeadline(1000, controller.signal, () => new Promise(() => {}))).rejects.toBe(reason)
  const never = (): Promise<never> => Promise.reject(new Error('must not run'))
  await expect(withDeadline(1000, controller.signal, never)).rejects.toBe(reason)
})
