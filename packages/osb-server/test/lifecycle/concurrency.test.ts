import { expect, it, vi } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const concurrency = { status: 422, body: { error: 'ConcurrencyError' } }

it('BLK-02: bind, unbind, update and deprovision are refused while the instance is updated', async () => {
  const held = gate()
  const { provision, bind, unbind, update, deprovision } = testBroker({
    update: async () => {
      await held.passed
      return {}
    },
  })
  await provision('i')
  await bind('i', 'old')
  await update('i', { parameters: { size: 1 } }, incomplete)
  expect(await bind('i', 'b')).toMatchObject(concurrency)
  expect(await unbind('i', 'old')).toMatchObject(concurrency)
  expect(await update('i', { parameters: { size: 2 } })).toMatchObject(concurrency)
  expect(await deprovision('i', incomplete)).toMatchObject(concurrency)
  expect((await bind('i', 'old')).status).toBe(200)
  held.open()
})

it('binds of different bindings run side by side, and exclude update and deprovision of their instance', async () => {
  const held = gate()
  let together = 0
  const { provision, bind, update, deprovision, pollToEnd } = testBroker({
    bind: async () => {
      together++
      await held.passed
      return { credentials: {} }
    },
  })
  await provision('i')
  const names = ['a', 'b', 'c', 'd', 'e']
  const answers = await Promise.all(names.map((name) => bind('i', name, {}, incomplete)))
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 202))
  expect(together).toBe(5)
  expect(await update('i', { parameters: { size: 1 } })).toMatchObject(concurrency)
  expect(await deprovision('i')).toMatchObject(concurrency)
  held.open()
  await Promise.all(names.map((name) => pollToEnd(`i/service_bindings/${name}`)))
  expect((await deprovision('i')).status).toBe(200)
})

it('DEP-03, DEP-04, T44: a delete during the create halts the create, then deletes', async () => {
  const order: string[] = []
  const removed = vi.fn(async () => {
    order.push('deprovision')
  })
  const { provision, deprovision, poll, pollToEnd, send } = testBroker({
    provision: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          order.push('aborted')
          setTimeout(() => {
            order.push('create ended')
            reject(signal.reason as Error)
          }, 30)
        })
      }),
    deprovision: removed,
  })
  const create = await provision('i', {}, incomplete)
  expect(await deprovision('i')).toMatchObject(concurrency) // without the flag it cannot be told 202
  const first = await deprovision('i', incomplete)
  expect(first).toMatchObject({ status: 202, body: { operation: expect.stringMatching(/^delete-/) } })
  expect(await deprovision('i', incomplete)).toMatchObject({ status: 202, body: first.body })
  expect(await provision('i', {}, incomplete)).toMatchObject(concurrency)
  expect((await poll('i', create.body.operation)).body['state']).toBe('failed')
  expect((await pollToEnd('i', first.body.operation)).body).toEqual({ state: 'succeeded' })
  expect(order).toEqual(['aborted', 'create ended', 'deprovision'])
  expect((await send('GET', '/v2/service_instances/i')).status).toBe(404)
  expect((await deprovision('i')).status).toBe(410)
})

it('what a create returns although a delete has overtaken it is handed to deprovision', async () => {
  const held = gate()
  const states: unknown[] = []
  const { provision, deprovision, pollToEnd } = testBroker({
    provision: async () => {
      await held.passed
      return { state: { host: 'made' } }
    },
    deprovision: async ({ instance }) => {
      states.push(instance.state)
    },
  })
  await provision('i', {}, incomplete)
  const { body } = await deprovision('i', incomplete)
  held.open()
  await pollToEnd('i', body.operation)
  expect(states).toEqual([{ host: 'made' }])
})

it('UNB-03: an unbind during the bind halts the bind, then unbinds', async () => {
  const { provision, bind, unbind, pollToEnd } = testBroker({
    bind: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  })
  await provision('i')
  await bind('i', 'b', {}, incomplete)
  const { status, body } = await unbind('i', 'b', incomplete)
  expect(status).toBe(202)
  expect((await pollToEnd('i/service_bindings/b', body.operation)).body).toEqual({ state: 'succeeded' })
  expect((await unbind('i', 'b')).status).toBe(410)
})

it('no more author functions run at a time than allowed; the rest wait as in progress', async () => {
  let running = 0
  let most = 0
  const { provision, pollToEnd } = testBroker(
    {
      provision: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 30))
        running--
        return { state: { host: 'h' } }
      },
    },
    { maximumRunningOperations: 2 },
  )
  const names = ['a', 'b', 'c', 'd', 'e']
  await Promise.all(names.map((name) => provision(name, {}, incomplete)))
  const ends = await Promise.all(names.map((name) => pollToEnd(name)))
  expect(ends.map(({ body }) => body['state'])).toEqual(names.map(() => 'succeeded'))
  expect(most).toBe(2)
})
