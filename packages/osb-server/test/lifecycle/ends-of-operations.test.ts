import { createBroker, defineOffering, definePlan, noAuth, OsbError } from 'osb-server'
import { expect, it, vi } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('a function that rejects with nothing has failed', async () => {
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the case to be tested
  const { provision, send } = testBroker({ provision: () => Promise.reject() })
  expect((await provision('i')).status).toBe(500)
  expect((await send('GET', '/v2/service_instances/i')).status).toBe(404)
})

it('a result that is no JSON fails the operation instead of beginning it again for ever', async () => {
  const create = vi.fn(async () => ({ state: { host: 1n as unknown as string } }))
  const { provision, poll } = testBroker({ provision: create }, { leaseMs: 600, heartbeatMs: 100 })
  expect((await provision('i')).status).toBe(500)
  expect((await poll('i')).body['state']).toBe('failed')
  await after(200)
  expect(create).toHaveBeenCalledTimes(1)
})

it('progress that nobody awaits can fail without an unhandled rejection', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  try {
    const held = gate()
    const { provision } = testBroker({
      provision: async ({ progress }) => {
        void held.passed.then(() => void progress('too late'))
        return { state: { host: 'h' } }
      },
    })
    await provision('i')
    held.open()
    await after(30)
    expect(unhandled).not.toHaveBeenCalled()
  } finally {
    process.off('unhandledRejection', unhandled)
  }
})

it('any number of reports at once are written, the last one last', async () => {
  const { provision, poll } = testBroker({
    provision: async ({ progress }) => {
      await Promise.all(Array.from({ length: 60 }, (_, step) => progress(`step ${step}`)))
      await after(60)
      return { state: { host: 'h' } }
    },
  })
  expect((await provision('i', {}, incomplete)).status).toBe(202)
  expect((await poll('i')).body).toEqual({ state: 'in progress', description: 'step 59' })
})

it('MNT-11: a plan without maintenance_info takes away that of the plan before', async () => {
  const { provision, update, send } = testBroker()
  await provision('i')
  expect((await send('GET', '/v2/service_instances/i')).body['maintenance_info']).toEqual({ version: '1.0.0' })
  await update('i', { plan_id: 'plan-large' })
  const { body } = await send('GET', '/v2/service_instances/i')
  expect(body['plan_id']).toBe('plan-large')
  expect(body['maintenance_info']).toBeUndefined()
})

it('MNT-11: a failed update leaves dashboard_url and maintenance_info as they were', async () => {
  const { provision, update, send } = testBroker({
    dashboardUrl: ({ plan_name }) => `https://dashboard.test/${plan_name}`,
    update: async () => {
      await after(40)
      throw OsbError.unprocessable('no')
    },
  })
  await provision('i')
  const before = (await send('GET', '/v2/service_instances/i')).body
  expect((await update('i', { plan_id: 'plan-large' }, incomplete)).body['dashboard_url']).toContain('large')
  await after(60)
  expect((await send('GET', '/v2/service_instances/i')).body).toEqual(before)
})

it('A21: a failed unbind says nothing of the instance, and its polls are answered', async () => {
  const { provision, bind, unbind, pollToEnd } = testBroker({
    unbind: async () => {
      await after(40)
      throw OsbError.unprocessable('not now', { instance_usable: false, update_repeatable: false })
    },
  })
  await provision('i')
  await bind('i', 'b')
  await unbind('i', 'b', incomplete)
  const end = await pollToEnd('i/service_bindings/b')
  expect(end).toMatchObject({ status: 200, body: { state: 'failed', description: 'not now' } })
  expect(end.body).not.toHaveProperty('instance_usable')
})

it('ERR-13: a 4xx to a new provision leaves what an earlier, failed one had left to delete', async () => {
  const ends = [new Error('half done'), OsbError.unprocessable('no room')]
  const removed = vi.fn(async () => {})
  const { provision, deprovision } = testBroker({
    provision: async () => {
      throw ends.shift() ?? new Error('called too often')
    },
    deprovision: removed,
  })
  expect((await provision('i')).status).toBe(500)
  expect((await provision('i', { plan_id: 'plan-large' })).status).toBe(422)
  expect((await deprovision('i')).status).toBe(200) // names the plan of the first
  expect(removed).toHaveBeenCalledTimes(1)
})

it('ERR-13: a 4xx to a new bind leaves what an earlier, failed one had left to delete', async () => {
  const ends = [new Error('half done'), OsbError.unprocessable('no room')]
  const removed = vi.fn(async () => {})
  const { provision, bind, unbind } = testBroker({
    bind: async () => {
      throw ends.shift() ?? new Error('called too often')
    },
    unbind: removed,
  })
  await provision('i')
  expect((await bind('i', 'b')).status).toBe(500)
  expect((await bind('i', 'b')).status).toBe(422)
  expect((await unbind('i', 'b')).status).toBe(200)
  expect(removed).toHaveBeenCalledTimes(1)
})

it('what a halted create returned in the end reaches deprovision, though another create failed in between', async () => {
  const held = gate()
  const states: unknown[] = []
  const creates = [
    async () => {
      await held.passed
      return { state: { host: 'late' } }
    },
    async () => {
      throw new Error('boom')
    },
  ]
  const { provision, deprovision, pollToEnd } = testBroker(
    {
      provision: () => creates.shift()?.() as never,
      deprovision: async ({ instance }) => {
        states.push(instance.state)
      },
    },
    { syncTimeoutMs: 30 },
  )
  setTimeout(held.open, 60)
  expect((await provision('i')).status).toBe(500)
  expect((await pollToEnd('i')).body['state']).toBe('failed')
  expect((await provision('i')).status).toBe(500)
  expect((await deprovision('i')).status).toBe(200)
  expect(states).toEqual([{ host: 'late' }])
})

it('what fails after a synchronous call was answered 500 is told to onError', async () => {
  const held = gate()
  const onError = vi.fn()
  const { provision, deprovision } = testBroker(
    {
      deprovision: async () => {
        await held.passed
        throw new Error('late fault')
      },
    },
    { syncTimeoutMs: 30, onError },
  )
  await provision('i')
  expect((await deprovision('i')).status).toBe(500)
  held.open()
  await after(20)
  expect(onError.mock.calls.map(([error]) => (error as Error).message)).toEqual([
    expect.stringContaining('took longer'),
    'late fault',
  ])
})

it('an OsbError without a text fails the operation with a description all the same (LOI-20)', async () => {
  const { provision, pollToEnd } = testBroker({
    provision: async () => {
      await after(40)
      throw OsbError.unprocessable('')
    },
  })
  await provision('i', {}, incomplete)
  expect((await pollToEnd('i')).body).toMatchObject({ state: 'failed', description: expect.stringMatching(/./) })
})

it('UNB-02: a binding can be deleted when the plan that it was made with is gone from the catalog', async () => {
  const { provision, update, bind, store } = testBroker()
  await provision('i')
  await bind('i', 'b')
  await update('i', { plan_id: 'plan-large' })
  const unbind = vi.fn(async () => {})
  const large = definePlan({ id: 'plan-large', name: 'large', description: 'Large' })
  const plans = [large] as const
  const [provisioned, bound] = [async () => ({ state: {} }), async () => ({ credentials: {} })]
  const work = { provision: provisioned, bind: bound, unbind, deprovision: async () => {} }
  const offering = defineOffering({
    id: 'service',
    name: 'mysql',
    description: 'MySQL',
    bindable: true,
    plans,
    ...work,
  })
  const later = createBroker({ offerings: [offering], auth: noAuth(), store })
  const url = 'http://broker.test/v2/service_instances/i/service_bindings/b?service_id=service&plan_id=plan-large'
  const headers = { 'X-Broker-API-Version': '2.17' }
  expect((await later.fetch(new Request(url, { method: 'DELETE', headers }))).status).toBe(200)
  expect(unbind).toHaveBeenCalledTimes(1)
  await later.close()
})

it('DEP-16, UNB-17: a delete whose function says 410 has deleted what the broker knows of it', async () => {
  const gone = async () => {
    throw new OsbError({ code: 'NotFound', status: 410, description: 'not there any more' })
  }
  const { provision, bind, unbind, deprovision, send } = testBroker({ unbind: gone, deprovision: gone })
  await provision('i')
  await bind('i', 'b')
  expect((await unbind('i', 'b')).status).toBe(200)
  expect((await send('GET', '/v2/service_instances/i/service_bindings/b')).status).toBe(404)
  expect((await deprovision('i')).status).toBe(200)
  expect((await send('GET', '/v2/service_instances/i')).status).toBe(404)
  expect((await provision('i')).status).toBe(201)
})

it('DEP-16: a delete that says 410 after a 202 has succeeded', async () => {
  const { provision, deprovision, pollToEnd } = testBroker({
    deprovision: async () => {
      await after(60)
      throw new OsbError({ code: 'NotFound', status: 410, description: 'not there any more' })
    },
  })
  await provision('i')
  expect((await deprovision('i', incomplete)).status).toBe(202)
  expect(await pollToEnd('i')).toMatchObject({ status: 200, body: { state: 'succeeded' } })
})
