import { describe, expect, it } from 'vitest'
import { gate, type Handlers, incomplete, testBroker } from '../support/test-broker.js'

const instance = '/v2/service_instances/i'

describe('GETI-10: a fetch while an update runs', () => {
  it.each([
    ['before', 200, { parameters: { size: 1 } }],
    ['refuse', 422, { error: 'ConcurrencyError' }],
  ] as const)('fetchDuringUpdate: %s', async (fetchDuringUpdate, status, body) => {
    const held = gate()
    const update: Handlers['update'] = async () => {
      await held.passed
      return {}
    }
    const { provision, update: patch, send, pollToEnd } = testBroker({ update }, { properties: { fetchDuringUpdate } })
    await provision('i', { parameters: { size: 1 } })
    await patch('i', { parameters: { size: 2 } }, incomplete)
    expect(await send('GET', instance)).toMatchObject({ status, body })
    held.open()
    await pollToEnd('i')
    expect(await send('GET', instance)).toMatchObject({ status: 200, body: { parameters: { size: 2 } } })
  })
})

describe('A2: a deprovision while there are bindings', () => {
  it('deprovisionWithBindings: remove takes them along, as by default', async () => {
    const { provision, bind, unbind, deprovision } = testBroker()
    await provision('i')
    await bind('i', 'b')
    expect((await deprovision('i')).status).toBe(200)
    expect((await unbind('i', 'b')).status).toBe(410)
  })

  it('deprovisionWithBindings: refuse keeps all until they are deleted', async () => {
    const properties = { deprovisionWithBindings: 'refuse' } as const
    let refusing = true
    const bind: Handlers['bind'] = async ({ binding_id }) => {
      if (binding_id === 'failing' && refusing) throw new Error('no')
      return { credentials: {} }
    }
    const { provision, bind: put, unbind, deprovision, send } = testBroker({ bind }, { properties })
    await provision('i')
    // Neither what is deleted nor what never came to be is in the way.
    await put('i', 'deleted')
    await unbind('i', 'deleted')
    expect((await put('i', 'failing')).status).toBe(500)
    await put('i', 'b')
    const refused = await deprovision('i')
    expect(refused).toMatchObject({ status: 422, body: { error: 'Unprocessable' } })
    expect((await send('GET', `${instance}/service_bindings/b`)).status).toBe(200)
    await unbind('i', 'b')
    refusing = false
    await put('i', 'failing')
    expect((await deprovision('i')).status).toBe(422)
    await unbind('i', 'failing')
    expect((await deprovision('i')).status).toBe(200)
  })

  it('looks at all bindings, however many are deleted', async () => {
    const { provision, bind, unbind, deprovision } = testBroker(
      {},
      { properties: { deprovisionWithBindings: 'refuse' } },
    )
    await provision('i')
    for (let index = 100; index < 205; index++) {
      await bind('i', `b${index}`)
      await unbind('i', `b${index}`)
    }
    await bind('i', 'z')
    expect((await deprovision('i')).status).toBe(422)
  })
})

describe('serialBindings', () => {
  it('refuses binds and unbinds while another binding is worked on, and joins repeats', async () => {
    const held = gate()
    const bind: Handlers['bind'] = async ({ binding_id }) => {
      if (binding_id === 'slow') await held.passed
      return { credentials: {} }
    }
    const made = testBroker({ bind }, { properties: { serialBindings: true } })
    await made.provision('i')
    await made.bind('i', 'b')
    const slow = await made.bind('i', 'slow', {}, incomplete)
    expect(slow.status).toBe(202)
    for (const answer of [await made.bind('i', 'c'), await made.unbind('i', 'b')])
      expect(answer).toMatchObject({ status: 422, body: { error: 'ConcurrencyError' } })
    expect(await made.bind('i', 'slow', {}, incomplete)).toMatchObject({ status: 202, body: slow.body })
    held.open()
    await made.pollToEnd('i/service_bindings/slow')
    expect((await made.bind('i', 'c')).status).toBe(201)
    expect((await made.unbind('i', 'b')).status).toBe(200)
  })

  it('lets one of many through at a time', async () => {
    let running = 0
    let most = 0
    const bind: Handlers['bind'] = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
      return { credentials: {} }
    }
    const made = testBroker({ bind }, { properties: { serialBindings: true } })
    await made.provision('i')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => made.bind('i', `b${index}`)))
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].sort()).toEqual([201, 422])
    expect(most).toBe(1)
  })
})

describe('bindings_retrievable: false', () => {
  it('T13: a bind is waited for instead of being answered 202, and a fetch is 404', async () => {
    const bind: Handlers['bind'] = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return { credentials: { password: 'p' } }
    }
    const made = testBroker({ bind }, { properties: { bindings_retrievable: false, instances_retrievable: false } })
    const catalog = await made.send('GET', '/v2/catalog')
    const [offering] = catalog.body['services'] as [object]
    expect(offering).toMatchObject({ instances_retrievable: false, bindings_retrievable: false })
    await made.provision('i')
    const answers = await Promise.all([made.bind('i', 'b', {}, incomplete), made.bind('i', 'b', {}, incomplete)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
    for (const { body } of answers) expect(body).toEqual({ credentials: { password: 'p' } })
    expect((await made.send('GET', `${instance}/service_bindings/b`)).status).toBe(404)
    expect((await made.send('GET', instance)).status).toBe(404)
  })
})
