import { readFileSync } from 'node:fs'
import { createBroker, memoryStore, noAuth } from 'osb-server'
import { describe, expect, it } from 'vitest'
import { lifecycleSettings } from '../../src/lifecycle/lifecycle-options.js'
import { defaultMaximumAttempts } from '../../src/offering/behaviour.js'
import { deaf } from '../support/test-broker.js'
import { send } from '../support/wire.js'
import { queueOffering, type QueueServer } from './queue-offering.js'

const guide = readFileSync(new URL('../../../../docs/guides/write-handlers.md', import.meta.url), 'utf8')
const source = readFileSync(new URL('queue-offering.ts', import.meta.url), 'utf8')

/** Queues in memory. */
function queues(own: Partial<QueueServer> = {}) {
  const passwords = new Map<string, Set<string>>()
  const users = new Map<string, string>()
  const server: QueueServer = {
    async ensureQueue(name, { password }) {
      passwords.set(name, (passwords.get(name) ?? new Set()).add(password))
      return `amqp://queues.example.com/${name}`
    },
    ensureSize: async () => 'done',
    ensureUser: async (_name, user, password) => void users.set(user, password),
    removeUser: async (_name, user) => void users.delete(user),
    removeQueue: async (name) => void passwords.delete(name),
    ...own,
  }
  return { server, passwords, users }
}

const instance = '/v2/service_instances/i'
const binding = `${instance}/service_bindings/b`
const auth = noAuth()

function idsOf(server: QueueServer) {
  const { id, plans } = queueOffering(server)
  return { service_id: id, plan_id: plans[0].id }
}

describe('the offering of the guide', () => {
  it('lives through a whole lifecycle', async () => {
    let size: 'done' | 'too full' = 'too full'
    const { server, passwords, users } = queues({ ensureSize: async () => size })
    const ids = idsOf(server)
    const hints = `service_id=${ids.service_id}&plan_id=${ids.plan_id}`
    const broker = createBroker({ offerings: [queueOffering(server)], auth, store: memoryStore() })
    const parameters = { megabytes: 5, note: 'for my eyes only' }
    const made = await send(broker, `PUT ${instance}`, { body: { ...ids, parameters } })
    expect(made).toMatchObject({ status: 201, body: { dashboard_url: 'https://queues.example.com/i' } })
    const fetched = await send(broker, `GET ${instance}`)
    expect(fetched.body).toMatchObject({ parameters: { megabytes: 5 } })
    expect(JSON.stringify(fetched.body)).not.toContain('for my eyes only')
    const change = { service_id: ids.service_id, parameters: { megabytes: 6 } }
    const refused = await send(broker, `PATCH ${instance}`, { body: change })
    expect(refused).toMatchObject({ status: 422, body: { description: 'The queue holds more messages than that.' } })
    size = 'done'
    expect((await send(broker, `PATCH ${instance}`, { body: change })).status).toBe(200)
    const bound = await send(broker, `PUT ${binding}`, { body: ids })
    expect(bound).toMatchObject({ status: 201, body: { credentials: { username: 'b', password: users.get('b') } } })
    expect((await send(broker, `DELETE ${binding}?${hints}`)).status).toBe(200)
    expect((await send(broker, `DELETE ${instance}?${hints}`)).status).toBe(200)
    expect([passwords.size, users.size]).toEqual([0, 0])
    await broker.close()
  })

  it('sets one password only, however often its process dies on the way', async () => {
    const store = memoryStore()
    const { server, passwords } = queues()
    const lease = { leaseMs: 300, heartbeatMs: 50, syncWindowMs: 20, drainMs: 0, onError: () => {} }
    const dying: QueueServer = {
      ...server,
      async ensureQueue(...values) {
        await server.ensureQueue(...values)
        return new Promise(() => {})
      },
    }
    const dead = createBroker({ offerings: [queueOffering(dying)], auth, store: deaf(store), ...lease })
    const body = idsOf(server)
    expect((await send(dead, `PUT ${instance}?accepts_incomplete=true`, { body })).status).toBe(202)
    const next = createBroker({ offerings: [queueOffering(server)], auth, store, ...lease })
    const state = async () => ((await send(next, `GET ${instance}/last_operation`)).body as { state: string }).state
    await expect.poll(state, { timeout: 10_000 }).toBe('succeeded')
    expect(passwords.get('q-i')?.size).toBe(1)
    await next.close()
    await dead.close()
  })
})

describe('the guide', () => {
  it('shows the code that is tested here', () => {
    const blocks = [...guide.matchAll(/<!-- queue-offering\.ts -->\n+```ts\n(.*?)```/gs)].map(([, code = '']) => code)
    expect(blocks.length).toBeGreaterThan(4)
    const indented = (code: string) => code.replaceAll(/^(?=.)/gm, '    ')
    for (const code of blocks)
      expect(
        [code, indented(code)].some((text) => source.includes(text)),
        code,
      ).toBe(true)
  })

  it('names the settings of the broker with their defaults', () => {
    const { store: _store, onBindingDue, ...settings } = lifecycleSettings({ store: memoryStore() })
    expect(onBindingDue).toBeUndefined()
    const rows = guide.matchAll(/^\| `(\w+)` +\| ([\d,]+)[^|]*\|/gm)
    const table = Object.fromEntries([...rows].map(([, name, value = '']) => [name, Number(value.replaceAll(',', ''))]))
    expect(table).toEqual({ ...settings, maximumAttempts: defaultMaximumAttempts })
  })
})
