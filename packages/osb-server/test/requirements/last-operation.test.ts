import { describe, expect, it } from 'vitest'
import { binding, fakeBroker, instance, send } from '../support/wire.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

describe.each([
  ['LOI-09, LOI-10', 'instance', instance],
  ['LOB-11, LOB-12', 'binding', binding],
])('%s: a poll of an %s', (_rules, _what, path) => {
  it.each([
    ['names the operation twice', '?operation=a&operation=b'],
    ['names the plan twice', '?plan_id=a&plan_id=b'],
  ])('is answered 400, with a description, when it %s', async (_case, query) => {
    const answer = await send(fakeBroker(), `GET ${path}/last_operation${query}`)
    expect(answer).toMatchObject({ status: 400, body: { description: expect.stringMatching(/./) } })
  })

  it('is answered 400, with a description, when its id is no percent-encoding', async () => {
    const answer = await send(fakeBroker(), `GET ${path.replace(/[ib]1$/, '%E0%A4')}/last_operation`)
    expect(answer).toMatchObject({ status: 400, body: { description: expect.stringMatching(/./) } })
  })
})

const failing = async () => {
  throw new Error('no space left')
}

it('LOI-12, LOB-14: 410 is for deletes only, not for creates that failed or were never there', async () => {
  const { provision, bind, poll, pollToEnd } = testBroker({ bind: failing })
  const slow = testBroker({ provision: failing })
  expect((await poll('none')).status).toBe(404)
  expect((await poll('none', 'create-7')).status).toBe(404)
  expect((await poll('none', 'update-7')).status).toBe(404)
  expect((await poll('none/service_bindings/none', 'create-7')).status).toBe(404)
  expect((await poll('none', 'delete-7')).status).toBe(410)
  expect((await poll('none/service_bindings/none', 'delete-7')).status).toBe(410)

  await slow.provision('i', {}, incomplete)
  expect(await slow.pollToEnd('i')).toMatchObject({ status: 200, body: { state: 'failed' } })
  await provision('i')
  await bind('i', 'b', {}, incomplete)
  expect(await pollToEnd('i/service_bindings/b')).toMatchObject({ status: 200, body: { state: 'failed' } })
})

it('LOB-13: a poll of a binding that is not there is 404, on an instance that is there, too', async () => {
  const { provision, poll } = testBroker()
  expect((await poll('i/service_bindings/b')).status).toBe(404)
  await provision('i')
  expect((await poll('i/service_bindings/b')).status).toBe(404)
})

describe('a binding', () => {
  it('LOB-19: is in progress, then succeeded or failed', async () => {
    const work = gate<object>()
    const { provision, bind, poll, pollToEnd } = testBroker({
      bind: async ({ binding_id }) => {
        await work.passed
        if (binding_id === 'bad') throw new Error('no space left')
        return {}
      },
    })
    await provision('i')
    await bind('i', 'good', {}, incomplete)
    await bind('i', 'bad', {}, incomplete)
    expect((await poll('i/service_bindings/good')).body).toEqual({ state: 'in progress' })
    work.open({})
    expect((await pollToEnd('i/service_bindings/good')).body).toEqual({ state: 'succeeded' })
    expect((await pollToEnd('i/service_bindings/bad')).body).toMatchObject({ state: 'failed' })
  })

  it('LOB-08: polls with an operation tell the bind from the unbind that follows', async () => {
    const [made, removed] = [gate<object>(), gate()]
    const { provision, bind, unbind, poll, pollToEnd } = testBroker({
      bind: () => made.passed,
      unbind: () => removed.passed,
    })
    await provision('i')
    const first = await bind('i', 'b', {}, incomplete)
    made.open({})
    await pollToEnd('i/service_bindings/b')
    const second = await unbind('i', 'b', incomplete)
    expect((await poll('i/service_bindings/b', first.body.operation)).body).toEqual({ state: 'succeeded' })
    expect((await poll('i/service_bindings/b', second.body.operation)).body).toEqual({ state: 'in progress' })
    expect((await poll('i/service_bindings/b')).body).toEqual({ state: 'in progress' })
    removed.open()
    await pollToEnd('i/service_bindings/b')
  })

  it('LOB-22, LOB-24: a poll says in seconds when to ask again', async () => {
    const work = gate<object>()
    const { provision, bind, poll, pollToEnd } = testBroker(
      { bind: () => work.passed },
      { properties: { expectedDurationSeconds: 60 } },
    )
    await provision('i')
    await bind('i', 'b', {}, incomplete)
    expect((await poll('i/service_bindings/b')).headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
    work.open({})
    expect((await pollToEnd('i/service_bindings/b')).headers.has('retry-after')).toBe(false)
  })

  it('LOB-26, T23: the outcome is not forgotten when it has been told once', async () => {
    const work = gate<object>()
    const { provision, bind, poll, pollToEnd } = testBroker({ bind: () => work.passed })
    await provision('i')
    const { body } = await bind('i', 'b', {}, incomplete)
    work.open({})
    await pollToEnd('i/service_bindings/b', body.operation)
    for (let again = 0; again < 3; again++)
      expect(await poll('i/service_bindings/b', body.operation)).toMatchObject({
        status: 200,
        body: { state: 'succeeded' },
      })
  })
})

describe('an instance', () => {
  it('LOI-11, DEP-03: knows its create when a delete has overtaken it and is over', async () => {
    const { provision, deprovision, poll, pollToEnd } = testBroker({
      provision: ({ signal }) => new Promise((_made, stopped) => signal.addEventListener('abort', stopped)),
    })
    const created = await provision('i', {}, incomplete)
    const deleted = await deprovision('i', incomplete)
    await pollToEnd('i', deleted.body.operation)
    expect(await poll('i', created.body.operation)).toMatchObject({ status: 200, body: { state: 'failed' } })
    expect((await poll('i', `${created.body.operation}-`)).status).toBe(404)
  })

  it('LOI-11, LOB-08: knows its create after later operations, and no operation that was never its own', async () => {
    const [made, changed, bound] = [gate<{ state: { host: string } }>(), gate(), gate<object>()]
    const { provision, update, bind, poll, pollToEnd } = testBroker({
      provision: () => made.passed,
      update: () => changed.passed,
      bind: () => bound.passed,
    })
    const created = await provision('i', {}, incomplete)
    const other = await provision('other', {}, incomplete)
    made.open({ state: { host: 'h' } })
    for (const id of ['i', 'other']) await pollToEnd(id)
    changed.open()
    for (const size of [1, 2]) expect((await update('i', { parameters: { size } })).status).toBe(200)
    expect(await poll('i', created.body.operation)).toMatchObject({ status: 200, body: { state: 'succeeded' } })
    const invented = [`${created.body.operation}-`, 'create-7', 'update-7', 'delete-7', other.body.operation ?? '']
    for (const operation of invented) expect((await poll('i', operation)).status, operation).toBe(404)

    const first = await bind('i', 'b', {}, incomplete)
    bound.open({})
    expect((await pollToEnd('i/service_bindings/b', first.body.operation)).body).toEqual({ state: 'succeeded' })
    expect((await poll('i/service_bindings/b', created.body.operation)).status).toBe(404)
  })
})
