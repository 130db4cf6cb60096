import { OsbError } from 'osb-server'
import { expect, it, vi } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const boom = async () => {
  throw new Error('secret detail: hunter2')
}

it('ERR-13: a 4xx of the author on the first answer leaves nothing', async () => {
  const { provision, send, poll, deprovision } = testBroker({
    provision: async () => {
      throw OsbError.unprocessable('no room left')
    },
  })
  expect(await provision('i')).toMatchObject({ status: 422, body: { description: 'no room left' } })
  expect((await send('GET', '/v2/service_instances/i')).status).toBe(404)
  expect((await poll('i')).status).toBe(404)
  expect((await deprovision('i')).status).toBe(410)
})

it('an unforeseen error is a constant 500, its cause goes to onError only, and the failed create can be deleted', async () => {
  const onError = vi.fn()
  const removed = vi.fn(async () => {})
  const { provision, send, update, bind, deprovision } = testBroker(
    { provision: boom, deprovision: removed },
    { onError },
  )
  const answer = await provision('i')
  expect(answer.status).toBe(500)
  expect(JSON.stringify(answer.body)).not.toContain('hunter2')
  expect(onError).toHaveBeenCalledTimes(1)
  expect((await send('GET', '/v2/service_instances/i')).status).toBe(404)
  expect((await update('i', { parameters: {} })).status).toBe(404)
  expect((await bind('i', 'b')).status).toBe(404)
  expect((await deprovision('i')).status).toBe(200)
  expect(removed).toHaveBeenCalledWith(expect.objectContaining({ instance_id: 'i' }))
})

it('a failed create makes room for a new one, whatever its attributes', async () => {
  let fails = true
  const { provision } = testBroker({
    provision: async () => {
      if (fails) throw new Error('first time')
      return { state: { host: 'h' } }
    },
  })
  expect((await provision('i')).status).toBe(500)
  fails = false
  expect((await provision('i', { plan_id: 'plan-large' })).status).toBe(201)
})

it('LOI-08, LOI-17: a failure after 202 is found by polling, with the text that the author meant for users', async () => {
  const onError = vi.fn()
  const { provision, pollToEnd } = testBroker(
    {
      provision: async ({ progress }) => {
        await progress('starting the server')
        await new Promise((resolve) => setTimeout(resolve, 60))
        throw OsbError.unprocessable('the disk is full')
      },
    },
    { onError },
  )
  const { body } = await provision('i', {}, incomplete)
  const end = await pollToEnd('i', body.operation)
  expect(end).toMatchObject({ status: 200, body: { state: 'failed', description: 'the disk is full' } })
  expect(onError).toHaveBeenCalledTimes(1)
})

it('SYN-15: progress is the description of the last operation', async () => {
  const held = gate()
  const { provision, poll } = testBroker({
    provision: async ({ progress }) => {
      await progress('pulling the image')
      await held.passed
      return { state: { host: 'h' } }
    },
  })
  await provision('i', {}, incomplete)
  expect((await poll('i')).body).toEqual({ state: 'in progress', description: 'pulling the image' })
  held.open()
})

it('SYN-11: async: always without accepts_incomplete is AsyncRequired, before anything runs', async () => {
  const create = vi.fn(async () => ({ state: { host: 'h' } }))
  const { provision } = testBroker({ provision: create }, { properties: { async: 'always' } })
  expect(await provision('i')).toMatchObject({ status: 422, body: { error: 'AsyncRequired' } })
  expect(create).not.toHaveBeenCalled()
  expect((await provision('i', {}, incomplete)).status).toBe(201) // T12: what is done in time may be answered so
})

it('a synchronous provision that takes too long is halted, answered 500 and left as a failed create', async () => {
  const { provision, poll } = testBroker(
    {
      provision: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    },
    { syncTimeoutMs: 40 },
  )
  expect((await provision('i')).status).toBe(500)
  expect((await poll('i')).body['state']).toBe('failed')
})

it('a synchronous deprovision that takes too long goes on, and a repeat joins it', async () => {
  const held = gate()
  const { provision, deprovision } = testBroker({ deprovision: () => held.passed }, { syncTimeoutMs: 40 })
  await provision('i')
  expect((await deprovision('i')).status).toBe(500)
  setTimeout(held.open, 10)
  expect((await deprovision('i')).status).toBe(200)
  expect((await deprovision('i')).status).toBe(410)
})

it('LOI-21, LOI-22, ERR-05: a failed update says what the author says of the instance', async () => {
  const hints = { instance_usable: false, update_repeatable: false }
  const { provision, update, poll, bind } = testBroker({
    update: async () => {
      throw OsbError.unprocessable('cannot shrink', hints)
    },
  })
  await provision('i')
  expect(await update('i', { parameters: { size: 1 } })).toMatchObject({ status: 422, body: hints })
  expect((await poll('i')).body).toEqual({ state: 'failed', description: 'cannot shrink', ...hints })
  expect((await bind('i', 'b')).status).toBe(201)
})

it('POL-02: an operation that outlasts maximum_polling_duration fails, and the platform is told why', async () => {
  const { provision, pollToEnd } = testBroker({
    provision: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  })
  const { body } = await provision('i', { plan_id: 'plan-large' }, incomplete)
  const end = await pollToEnd('i', body.operation)
  expect(end.body).toEqual({ state: 'failed', description: expect.stringContaining('maximum_polling_duration') })
})

it('LOI-11: polls of what was never there are 404, of a delete that is long forgotten 410', async () => {
  const { poll } = testBroker()
  expect((await poll('i')).status).toBe(404)
  expect((await poll('i', 'create-1')).status).toBe(404)
  expect((await poll('i', 'delete-1')).status).toBe(410)
})
