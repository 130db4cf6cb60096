import { createBroker, defineOffering, definePlan, memoryStore, noAuth, OsbError, type StuckResource } from 'osb-server'
import { describe, expect, it, vi } from 'vitest'
import { gate, type Handlers, incomplete, testBroker } from '../support/test-broker.js'

const refuse = async () => Promise.reject(new Error('secret detail'))
const now = { abandonedMs: 0, overdueMs: 0 }

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
const named = (found: readonly StuckResource[]) =>
  found.map(({ instance_id, binding_id, reasons }) => [binding_id ?? instance_id, ...reasons])

describe('findStuck', () => {
  it('finds operations past their deadline, failed creates, and what has no plan any more', async () => {
    const store = memoryStore()
    const held = gate()
    const made = testBroker(
      {
        async provision({ instance_id }) {
          if (instance_id === 'failed') throw new Error('secret detail')
          return { state: { host: 'h' } }
        },
        bind: refuse,
        update: async () => {
          await held.passed
          return {}
        },
      },
      { store },
    )
    for (const id of ['fine', 'failed', 'slow']) await made.provision(id, { parameters: { size: 4711 } })
    await made.bind('fine', 'b')
    await made.provision('gone')
    await made.deprovision('gone')
    await made.update('slow', { parameters: { size: 1 } }, incomplete)
    expect(named(await all(made.broker.findStuck()))).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 5))
    const found = await all(made.broker.findStuck({ ...now, pageSize: 1 }))
    expect(named(found)).toEqual([
      ['failed', 'abandoned'],
      ['b', 'abandoned'],
      ['slow', 'overdue'],
    ])
    expect(found[0]).toMatchObject({
      tenant: '',
      service_id: 'service',
      plan_id: 'plan-small',
      operation: { kind: 'create', state: 'failed', attempt: 1 },
    })
    expect(JSON.stringify(found)).not.toMatch(/4711|detail/)
    const other = createBroker({ offerings: [], auth: noAuth(), store })
    expect(named(await all(other.findStuck()))).toEqual([
      ['failed', 'plan gone'],
      ['fine', 'plan gone'],
      ['b', 'plan gone'],
      ['slow', 'plan gone'],
    ])
    await other.close()
    held.open()
  })

  it('POL-02: takes the deadline of an operation that has one, however long others may take', async () => {
    const made = testBroker({ provision: () => new Promise(() => {}) })
    await made.provision('i', { plan_id: 'plan-large' }, incomplete)
    expect(named(await all(made.broker.findStuck({ overdueMs: 0 })))).toEqual([])
    await expect
      .poll(async () => named(await all(made.broker.findStuck())), { timeout: 5_000 })
      .toEqual([['i', 'overdue']])
  })

  it('looks at one tenant only if told, and for all by the offerings of each', async () => {
    const plan = definePlan({ id: 'p', name: 'p', description: 'd' })
    const work = { provision: async () => ({ state: {} }), deprovision: async () => {} }
    const offering = defineOffering({ id: 'o', name: 'o', description: 'd', bindable: false, plans: [plan], ...work })
    const store = memoryStore()
    const tenants = { acme: { auth: noAuth() }, bare: { auth: noAuth(), offerings: [] } }
    const broker = createBroker({ offerings: [offering], auth: noAuth(), store, tenants })
    for (const tenant of ['', 'acme', 'bare', 'left'])
      await store.write({
        key: { tenant, instance_id: `of-${tenant}` },
        expected: 'absent',
        lease: 'release',
        content: {
          service_id: 'o',
          plan_id: 'p',
          status: 'create-failed',
          operation: { id: 'create-1', kind: 'create', state: 'failed', attempt: 1, startedAtMs: 0, endedAtMs: 0 },
          secrets: { request: {}, answer: {}, operationRequest: {} },
        },
      })
    expect(named(await all(broker.findStuck()))).toEqual([
      ['of-', 'abandoned'],
      ['of-acme', 'abandoned'],
      ['of-bare', 'abandoned', 'plan gone'],
      ['of-left', 'abandoned', 'plan gone'],
    ])
    expect(named(await all(broker.findStuck({ tenant: 'acme' })))).toEqual([['of-acme', 'abandoned']])
    expect(named(await all(broker.findStuck({ tenant: '' })))).toEqual([['of-', 'abandoned']])
    const { resources } = await broker.sweep()
    expect(resources.map(({ instance_id, action }) => [instance_id, action])).toEqual([
      ['of-', 'deleted'],
      ['of-acme', 'deleted'],
      ['of-bare', 'left'],
      ['of-left', 'left'],
    ])
    await broker.close()
  })

  it('can be aborted', async () => {
    const made = testBroker({ provision: refuse })
    for (const id of ['a', 'b', 'c']) await made.provision(id)
    const controller = new AbortController()
    const seen: string[] = []
    const looking = (async () => {
      for await (const { instance_id } of made.broker.findStuck({ ...now, signal: controller.signal })) {
        seen.push(instance_id)
        controller.abort(new Error('enough'))
      }
    })()
    await expect(looking).rejects.toThrow('enough')
    expect(seen).toEqual(['a'])
    await expect(made.broker.sweep({ ...now, signal: controller.signal })).rejects.toThrow('enough')
  })

  it.each([{ overdueMs: -1 }, { abandonedMs: Number.NaN }])('refuses %j', async (options) => {
    const made = testBroker()
    await expect(all(made.broker.findStuck(options))).rejects.toThrow(/must be a number from 0 on/)
  })
})

describe('ORPH-03: sweep', () => {
  const handlers = (calls: string[]): Handlers => ({
    async provision({ instance_id }) {
      if (instance_id.startsWith('failed')) throw new Error('no')
      return { state: { host: 'h' } }
    },
    bind: refuse,
    deprovision: async ({ instance_id, instance }) => {
      calls.push(`deprovision ${instance_id} ${instance.state?.host}`)
    },
    unbind: async ({ binding_id }) => {
      calls.push(`unbind ${binding_id}`)
    },
  })

  it('deletes what failed creates have left, by the functions of the offering', async () => {
    const calls: string[] = []
    const made = testBroker(handlers(calls))
    for (const id of ['failed', 'fine']) await made.provision(id)
    await made.bind('fine', 'b')
    expect(await made.broker.sweep()).toEqual({ resources: [], complete: true })
    const dry = await made.broker.sweep({ ...now, dryRun: true })
    expect(dry.resources.map(({ action }) => action)).toEqual(['would delete', 'would delete'])
    expect(calls).toEqual([])
    const { resources, complete } = await made.broker.sweep(now)
    expect(complete).toBe(true)
    expect(resources.map(({ instance_id, binding_id, action }) => [instance_id, binding_id, action])).toEqual([
      ['failed', undefined, 'deleted'],
      ['fine', 'b', 'deleted'],
    ])
    expect(calls).toEqual(['deprovision failed undefined', 'unbind b'])
    expect(await made.broker.sweep(now)).toEqual({ resources: [], complete: true })
    expect((await made.deprovision('failed')).status).toBe(410)
    expect((await made.send('GET', '/v2/service_instances/fine')).status).toBe(200)
  })

  it('deletes a binding only while its instance is as it was found', async () => {
    const made = testBroker(handlers([]))
    await made.provision('fine')
    await made.bind('fine', 'b')
    const write = vi.spyOn(made.store, 'write')
    await made.broker.sweep(now)
    const begun = write.mock.calls.map(([written]) => written).find(({ key }) => key.binding_id === 'b')
    const { version } = (await made.store.read({ tenant: '', instance_id: 'fine' })).instance ?? {}
    expect(begun?.instanceVersion).toEqual(expect.any(Number))
    expect(begun?.instanceVersion).toBeLessThan(version ?? 0)
  })

  it('says what goes on and what failed, and stops at its maximum', async () => {
    const held = gate()
    const made = testBroker({
      ...handlers([]),
      async deprovision({ instance_id }) {
        if (instance_id === 'failed-slow') await held.passed
        if (instance_id === 'failed-stuck') throw OsbError.unprocessable('still in use')
      },
    })
    for (const id of ['failed-1', 'failed-slow', 'failed-stuck']) await made.provision(id)
    const first = await made.broker.sweep({ ...now, maximum: 2 })
    expect(first.complete).toBe(false)
    expect(first.resources.map(({ action }) => action)).toEqual(['deleted', 'deleting'])
    const second = await made.broker.sweep(now)
    expect(second.resources).toMatchObject([{ instance_id: 'failed-stuck', action: 'failed' }])
    expect(second.resources[0]?.error).toMatchObject({ message: 'still in use' })
    held.open()
    await made.pollToEnd('failed-slow')
    expect(named(await all(made.broker.findStuck(now)))).toEqual([['failed-stuck', 'abandoned']])
  })

  it('leaves alone what was made anew after it was found', async () => {
    const calls: string[] = []
    const store = memoryStore()
    let failing = true
    const given: Handlers = {
      ...handlers(calls),
      provision: async () => (failing ? refuse() : { state: { host: 'h' } }),
    }
    const made = testBroker(given, { store })
    await made.provision('i')
    failing = false
    const found = await store.list()
    const late = testBroker(given, { store: { ...store, list: async () => found } })
    expect((await made.provision('i')).status).toBe(201)
    const { resources } = await late.broker.sweep(now)
    expect(resources).toMatchObject([{ instance_id: 'i', action: 'left' }])
    expect(calls).toEqual([])
    expect((await made.send('GET', '/v2/service_instances/i')).status).toBe(200)
  })

  it('is refused once the broker closes', async () => {
    const made = testBroker({ provision: refuse })
    await made.provision('i')
    await made.broker.close()
    await expect(made.broker.sweep(now)).rejects.toMatchObject({ status: 503 })
  })
})
