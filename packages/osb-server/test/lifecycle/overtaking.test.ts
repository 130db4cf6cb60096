import { expect, it } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const untilAborted = ({ signal }: { readonly signal: AbortSignal }) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

it('PROV-13, DEP-03: a provision that waits while a delete overtakes it is not answered 201', async () => {
  const { provision, deprovision, poll, pollToEnd } = testBroker({ provision: untilAborted })
  const waiting = provision('i')
  await expect.poll(async () => (await poll('i')).status, { interval: 1 }).toBe(200)
  const { body } = await deprovision('i', incomplete)
  expect((await waiting).status).toBe(500)
  expect((await pollToEnd('i', body.operation)).body['state']).toBe('succeeded')
})

it('a provision that is overtaken is answered before the delete has ended', async () => {
  const held = gate()
  const { provision, deprovision, poll, pollToEnd } = testBroker({
    provision: untilAborted,
    deprovision: () => held.passed,
  })
  const waiting = provision('i')
  await expect.poll(async () => (await poll('i')).status, { interval: 1 }).toBe(200)
  const { body } = await deprovision('i', incomplete)
  expect((await waiting).status).toBe(500)
  held.open()
  expect((await pollToEnd('i', body.operation)).body['state']).toBe('succeeded')
})

it('BIND-23, UNB-03: a bind that returns although an unbind has overtaken it is not answered 201', async () => {
  const held = gate()
  const { provision, bind, unbind, poll, pollToEnd } = testBroker({
    bind: async () => {
      await held.passed
      return { credentials: { password: 'p' } }
    },
  })
  await provision('i')
  const waiting = bind('i', 'b')
  await expect.poll(async () => (await poll('i/service_bindings/b')).status, { interval: 1 }).toBe(200)
  const { body } = await unbind('i', 'b', incomplete)
  held.open()
  expect(await waiting).toMatchObject({ status: 500 })
  expect((await pollToEnd('i/service_bindings/b', body.operation)).body['state']).toBe('succeeded')
})

it('DEP-10: a repeat of a delete that overtook, without accepts_incomplete, joins it', async () => {
  const held = gate()
  const { provision, deprovision } = testBroker({ provision: untilAborted, deprovision: () => held.passed })
  await provision('i', {}, incomplete)
  await deprovision('i', incomplete)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const joined = deprovision('i')
  held.open()
  expect((await joined).status).toBe(200)
})

it('a delete that overtook a create begins without what the create had checkpointed', async () => {
  const seen: unknown[] = []
  const { provision, deprovision, pollToEnd } = testBroker({
    provision: async (input) => {
      await input.checkpoint({ step: 'create' })
      return untilAborted(input)
    },
    deprovision: async ({ attempt, checkpointed }) => {
      seen.push([attempt, checkpointed])
    },
  })
  await provision('i', {}, incomplete)
  const { body } = await deprovision('i', incomplete)
  await pollToEnd('i', body.operation)
  expect(seen).toEqual([[1, undefined]])
})

it('what an overtaken create still reports does not become the progress of the delete', async () => {
  const late = gate()
  const held = gate()
  const reported = gate<unknown>()
  const { provision, deprovision, poll, pollToEnd } = testBroker({
    provision: async (input) => {
      void late.passed.then(() => input.progress('still creating')).then(reported.open, reported.open)
      return untilAborted(input)
    },
    deprovision: () => held.passed,
  })
  await provision('i', {}, incomplete)
  const { body } = await deprovision('i', incomplete)
  await new Promise((resolve) => setTimeout(resolve, 30))
  late.open()
  await reported.passed
  expect((await poll('i', body.operation)).body).toEqual({ state: 'in progress' })
  held.open()
  await pollToEnd('i', body.operation)
})

it('LOI-28: a poll of what was never an operation of the instance is 404 also while a delete overtakes its create', async () => {
  const held = gate<{ state: { host: string } }>()
  const { provision, deprovision, poll, pollToEnd } = testBroker({ provision: () => held.passed })
  const created = await provision('i', {}, incomplete)
  const { body } = await deprovision('i', incomplete)
  expect((await poll('i', 'delete-of-something-else')).status).toBe(404)
  expect((await poll('i', created.body.operation)).body['state']).toBe('failed')
  expect((await poll('i', body.operation)).body['state']).toBe('in progress')
  held.open({ state: { host: 'h' } })
  await pollToEnd('i', body.operation)
})
