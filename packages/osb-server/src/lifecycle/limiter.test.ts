import { expect, it } from 'vitest'
import { createLimiter } from './limiter.js'

const free = { halted: undefined, signal: new AbortController().signal }
const never = () => new Promise<never>(() => {})

it('what is aborted before or while it waits is rejected with the reason, and takes no place', async () => {
  const limiter = createLimiter(1)
  void limiter.run(free, never)
  const reason = new Error('halted')
  await expect(limiter.run({ halted: true, signal: AbortSignal.abort(reason) }, never)).rejects.toBe(reason)
  const controller = new AbortController()
  const waiting = limiter.run({ halted: undefined, signal: controller.signal }, never)
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

it('runs what waits in the order in which it came', async () => {
  const limiter = createLimiter(1)
  const order: number[] = []
  await Promise.all([1, 2, 3].map((number) => limiter.run(free, async () => void order.push(number))))
  expect(order).toEqual([1, 2, 3])
})
