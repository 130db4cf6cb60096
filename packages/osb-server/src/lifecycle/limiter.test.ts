import { expect, it } from 'vitest'
import { createLimiter } from './limiter.js'

const free = { halted: undefined, signal: new AbortController().signal }

it('what is aborted before or while it waits is rejected with the reason, and takes no place', async () => {
  const limiter = createLimiter(1)
  expect(limiter.enter(free)).toBeUndefined()
  const reason = new Error('halted')
  expect(() => limiter.enter({ halted: true, signal: AbortSignal.abort(reason) })).toThrow(reason)
  const controller = new AbortController()
  const waiting = limiter.enter({ halted: undefined, signal: controller.signal })
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  limiter.leave()
  expect(limiter.enter(free)).toBeUndefined()
})

it('lets in what waits in the order in which it came', async () => {
  const limiter = createLimiter(1)
  const order: number[] = []
  const work = async (number: number) => {
    await limiter.enter(free)
    order.push(number)
    limiter.leave()
  }
  await Promise.all([1, 2, 3].map(work))
  expect(order).toEqual([1, 2, 3])
})
