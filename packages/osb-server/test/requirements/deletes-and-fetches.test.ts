import { describe, expect, it, vi } from 'vitest'
import { binding, catalog, fakeBroker, ids, send } from '../support/wire.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const described = { description: expect.stringMatching(/./) as unknown }
const concurrency = { status: 422, body: { error: 'ConcurrencyError', ...described } }
const path = '/v2/service_instances/i/service_bindings/b'

/** Ends only when it is told to: the author's function of an operation that something overtakes. */
const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

describe('fetching a binding', () => {
  it('GETB-02, GETB-08, GETB-13: is 404 while it is made, then has its credentials', async () => {
    const work = gate<object>()
    const { provision, bind, pollToEnd, send: ask } = testBroker({ bind: () => work.passed })
    expect((await ask('GET', path)).status).toBe(404)
    await provision('i')
    expect((await ask('GET', path)).status).toBe(404)
    await bind('i', 'b', {}, incomplete)
    expect((await ask('GET', path)).status).toBe(404)
    work.open({ credentials: { username: 'u' } })
    await pollToEnd('i/service_bindings/b')
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { credentials: { username: 'u' } } })
  })

  it('GETB-19: has all the endpoints that the bind gave', async () => {
    const endpoints = [
      { host: 'primary.internal', ports: ['3306'] },
      { host: 'unreachable.internal', ports: ['3306'], protocol: 'tcp' as const },
    ]
    const { provision, bind, send: ask } = testBroker({ bind: async () => ({ endpoints }) })
    await provision('i')
    expect((await bind('i', 'b')).body).toEqual({ endpoints })
    expect((await ask('GET', path)).body).toEqual({ endpoints })
  })

  it('GETB-20: may leave out the parameters', async () => {
    const body = { credentials: {} }
    const broker = fakeBroker({ fetchBinding: async () => ({ outcome: 'found', body }) })
    expect(await send(broker, `GET ${binding}?${ids}`)).toMatchObject({ status: 200, body })
  })
})

describe('unbind', () => {
  it('UNB-01: is served although nothing is bindable any more', async () => {
    const [, shut] = catalog.services
    const services = [{ ...shut!, plans: [shut!.plans[0]!] }]
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body: { services } }) })
    const answer = await send(broker, `DELETE ${binding}?service_id=shut&plan_id=shut-small`)
    expect(answer).toMatchObject({ status: 200, body: {} })
  })

  it('UNB-04, UNB-05: during the bind, the poll shows the delete, and the bind by its name as failed', async () => {
    const removed = gate()
    const { provision, bind, unbind, poll, pollToEnd } = testBroker({
      bind: untilAborted,
      unbind: () => removed.passed,
    })
    await provision('i')
    const made = await bind('i', 'b', {}, incomplete)
    const gone = await unbind('i', 'b', incomplete)
    const id = 'i/service_bindings/b'
    expect(gone.body.operation).not.toBe(made.body.operation)
    expect((await poll(id)).body['state']).toBe('in progress')
    expect((await poll(id, gone.body.operation)).body['state']).toBe('in progress')
    expect((await poll(id, made.body.operation)).body['state']).toBe('failed')
    removed.open()
    expect((await pollToEnd(id, gone.body.operation)).body['state']).toBe('succeeded')
    expect((await poll(id, made.body.operation)).body['state']).toBe('failed')
  })

  it('UNB-13, UNB-14, T03: a repeat is 202 with the same operation until it is complete, then 410', async () => {
    const removed = gate()
    const { provision, bind, unbind, pollToEnd } = testBroker({ unbind: () => removed.passed })
    await provision('i')
    await bind('i', 'b')
    const first = await unbind('i', 'b', incomplete)
    expect(first.status).toBe(202)
    expect(await unbind('i', 'b', incomplete)).toMatchObject({ status: 202, body: first.body })
    removed.open()
    await pollToEnd('i/service_bindings/b', first.body.operation)
    expect((await unbind('i', 'b', incomplete)).status).toBe(410)
  })

  it('UNB-16: of another plan is 400 with a description, and the binding stays', async () => {
    const { provision, bind, send: ask } = testBroker()
    await provision('i')
    await bind('i', 'b')
    const answer = await ask('DELETE', `${path}?service_id=service&plan_id=plan-large`)
    expect(answer).toMatchObject({ status: 400, body: described })
    expect((await ask('GET', path)).status).toBe(200)
  })

  it('UNB-20: is a ConcurrencyError while the bind runs, if the platform cannot be told 202', async () => {
    const { provision, bind, unbind, pollToEnd } = testBroker({ bind: untilAborted })
    await provision('i')
    await bind('i', 'b', {}, incomplete)
    expect(await unbind('i', 'b')).toMatchObject(concurrency)
    await unbind('i', 'b', incomplete)
    await pollToEnd('i/service_bindings/b')
  })
})

describe('deprovision', () => {
  it('DEP-01: hands the author what provision made, and leaves neither the instance nor its bindings', async () => {
    const deprovision = vi.fn(async () => {})
    const { provision, bind, deprovision: remove, send: ask } = testBroker({ deprovision })
    await provision('i')
    await bind('i', 'b')
    expect((await remove('i')).status).toBe(200)
    const instance = expect.objectContaining({ state: { host: 'host-of-i' } }) as unknown
    expect(deprovision).toHaveBeenCalledWith(expect.objectContaining({ instance_id: 'i', instance }))
    expect((await ask('GET', '/v2/service_instances/i')).status).toBe(404)
    expect((await ask('GET', path)).status).toBe(404)
  })

  it('DEP-05: during the provision, the poll of the provision shows it as failed', async () => {
    const { provision, deprovision, poll, pollToEnd } = testBroker({ provision: untilAborted })
    const made = await provision('i', {}, incomplete)
    const gone = await deprovision('i', incomplete)
    expect((await poll('i', made.body.operation)).body['state']).toBe('failed')
    await pollToEnd('i', gone.body.operation)
    expect((await poll('i', made.body.operation)).body['state']).toBe('failed')
  })

  it('DEP-15: of another plan is 400 with a description, and the instance stays', async () => {
    const { provision, send: ask } = testBroker()
    await provision('i')
    const answer = await ask('DELETE', '/v2/service_instances/i?service_id=service&plan_id=plan-large')
    expect(answer).toMatchObject({ status: 400, body: described })
    expect((await ask('GET', '/v2/service_instances/i')).status).toBe(200)
  })

  it('DEP-19: is a ConcurrencyError while the provision or an update runs', async () => {
    const work = gate()
    const { provision, update, deprovision, pollToEnd } = testBroker({
      provision: ({ instance_id, signal }) =>
        instance_id === 'new' ? untilAborted({ signal }) : Promise.resolve({ state: { host: 'h' } }),
      update: async () => {
        await work.passed
        return {}
      },
    })
    await provision('new', {}, incomplete)
    expect(await deprovision('new')).toMatchObject(concurrency)
    await provision('old')
    await update('old', { parameters: { size: 1 } }, incomplete)
    expect(await deprovision('old', incomplete)).toMatchObject(concurrency)
    work.open()
    await pollToEnd('old')
    expect((await deprovision('old')).status).toBe(200)
  })
})
