import { describe, expect, it } from 'vitest'
import { gate, type Handlers, incomplete, type Properties, testBroker } from '../support/test-broker.js'

const instance = '/v2/service_instances/i'
const cloudFoundry = (name: string, space = 'space') => ({
  platform: 'cloudfoundry',
  organization_guid: 'org',
  space_guid: space,
  instance_name: name,
})

describe('a second update while one runs', () => {
  const asked = { parameters: { size: 1 }, context: cloudFoundry('a') }

  it.each<[what: string, second: Record<string, unknown>, properties: Properties, status: number]>([
    ['that names the plan which stays', { ...asked, plan_id: 'plan-small' }, {}, 202],
    ['with another name in the context', { ...asked, context: cloudFoundry('b') }, {}, 202],
    [
      'with another name, where updates of the context are taken',
      { ...asked, context: cloudFoundry('b') },
      { allow_context_updates: true },
      422,
    ],
    ['for another space', { ...asked, context: cloudFoundry('a', 'other') }, {}, 422],
    ['with other parameters', { ...asked, parameters: { size: 2 } }, {}, 422],
    ['with a parameter that the schema drops', { ...asked, parameters: { size: 1, unknown: true } }, {}, 202],
    ['without parameters', { context: asked.context, plan_id: 'plan-large' }, {}, 422],
    ['to another plan', { ...asked, plan_id: 'plan-large' }, {}, 422],
    ['with a maintenance version', { ...asked, maintenance_info: { version: '1.0.0' } }, {}, 422],
  ])('UPD-25, T05: %s', async (_what, second, properties, status) => {
    const held = gate()
    const update: Handlers['update'] = async () => {
      await held.passed
      return {}
    }
    const made = testBroker({ update }, { properties })
    await made.provision('i')
    const first = await made.update('i', asked, incomplete)
    expect(first.status).toBe(202)
    const answer = await made.update('i', second, incomplete)
    expect(answer.status).toBe(status)
    if (status === 202) expect(answer.body).toEqual(first.body)
    else expect(answer.body).toMatchObject({ error: 'ConcurrencyError' })
    held.open()
  })

  it('UPD-20, T37: {} is not the same as no parameters', async () => {
    const held = gate()
    const update: Handlers['update'] = async () => {
      await held.passed
      return {}
    }
    const made = testBroker({ update })
    await made.provision('i')
    await made.update('i', { plan_id: 'plan-large' }, incomplete)
    expect((await made.update('i', { plan_id: 'plan-large', parameters: {} }, incomplete)).status).toBe(422)
    held.open()
  })
})

it('an identical update runs again after the first one has ended', async () => {
  let calls = 0
  const update: Handlers['update'] = async () => {
    calls++
    return {}
  }
  const made = testBroker({ update })
  await made.provision('i')
  for (let count = 0; count < 2; count++) expect((await made.update('i', { parameters: { size: 1 } })).status).toBe(200)
  expect(calls).toBe(2)
})

describe('UPD-20: the parameters of an instance after an update', () => {
  it('are merged at top level, and a repeat of the provision is compared with them', async () => {
    const made = testBroker()
    await made.provision('i', { parameters: { charset: 'latin1', size: 1 } })
    await made.update('i', { parameters: { size: 2 } })
    expect((await made.send('GET', instance)).body['parameters']).toEqual({ charset: 'latin1', size: 2 })
    expect((await made.provision('i', { parameters: { charset: 'latin1', size: 1 } })).status).toBe(409)
    expect((await made.provision('i', { parameters: { size: 2, charset: 'latin1' } })).status).toBe(200)
    await made.update('i', { plan_id: 'plan-large' })
    expect((await made.provision('i', { parameters: { size: 2, charset: 'latin1' } })).status).toBe(409)
  })

  it('are those that the author returns, if any', async () => {
    const seen: unknown[] = []
    const made = testBroker({
      update: async () => ({ parameters: { charset: 'utf8' } }),
      bind: async ({ instance: { parameters } }) => {
        seen.push(parameters)
        return {}
      },
    })
    await made.provision('i', { parameters: { size: 1 } })
    await made.update('i', { parameters: { size: 2 } })
    expect((await made.send('GET', instance)).body['parameters']).toEqual({ charset: 'utf8' })
    await made.bind('i', 'b')
    expect(seen).toEqual([{ charset: 'utf8' }])
    // The default, so it is what the instance has.
    expect((await made.provision('i')).status).toBe(200)
  })

  it('UPD-35: stay as they are when the update fails, and so does the state', async () => {
    const made = testBroker({ update: async () => Promise.reject(new Error('no')) })
    await made.provision('i', { parameters: { size: 1 } })
    expect((await made.update('i', { plan_id: 'plan-large', parameters: { size: 2 } })).status).toBe(500)
    expect((await made.send('GET', instance)).body).toMatchObject({ plan_id: 'plan-small', parameters: { size: 1 } })
    expect((await made.bind('i', 'b')).body).toEqual({ credentials: { host: 'host-of-i', username: 'b' } })
  })
})

it('the state that an update returns takes the place of the one before', async () => {
  const made = testBroker({ update: async () => ({ state: { host: 'moved' } }) })
  await made.provision('i')
  await made.update('i', { parameters: { size: 2 } })
  expect((await made.bind('i', 'b')).body).toMatchObject({ credentials: { host: 'moved' } })
})

it('a platform that disconnects ends nothing: the function goes on, and a repeat finds what it made', async () => {
  const held = gate()
  const begun = gate<AbortSignal>()
  const made = testBroker({
    provision: async ({ signal }) => {
      begun.open(signal)
      await held.passed
      return { state: { host: 'h' } }
    },
  })
  const controller = new AbortController()
  const request = new Request(`http://broker${instance}`, {
    method: 'PUT',
    headers: { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' },
    body: JSON.stringify({
      service_id: 'service',
      plan_id: 'plan-small',
      organization_guid: 'org',
      space_guid: 'space',
    }),
    signal: controller.signal,
  })
  const answered = made.broker.fetch(request)
  const signal = await begun.passed
  controller.abort()
  expect(request.signal.aborted).toBe(true)
  expect(signal.aborted).toBe(false)
  held.open()
  await answered
  expect((await made.provision('i')).status).toBe(200)
})
