import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBroker, defineOffering, definePlan, noAuth } from '../../src/index.js'
import { postgresStore } from '../../src/postgres.js'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'

const missing = whyNoPostgres()
const ids = { service_id: 'service', plan_id: 'plan' }
const json = { 'content-type': 'application/json', 'X-Broker-API-Version': '2.17' }
const instance = '/v2/service_instances/i'
const binding = `${instance}/service_bindings/b`

const offering = defineOffering({
  id: ids.service_id,
  name: 'database',
  description: 'A database',
  bindable: true,
  plan_updateable: true,
  plans: [definePlan({ id: ids.plan_id, name: 'small', description: 'Small', binding_rotatable: true })],
  provision: async () => ({ state: { host: 'h' } }),
  update: async () => ({}),
  bind: async () => ({ credentials: { password: 'p' } }),
  unbind: async () => {},
  deprovision: async () => {},
})

/** A pool that counts what it sends, transaction control included. */
function countingPool(connectionString: string) {
  let count = 0
  const pool = new pg.Pool({ connectionString })
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    client.query = ((...args: unknown[]) => {
      count += 1
      return query(...args)
    }) as never
  })
  const take = () => {
    const taken = count
    count = 0
    return taken
  }
  return { pool, take }
}

describe('round trips to PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    if (missing === undefined) server = await startPostgres()
  }, 180_000)
  afterAll(() => server?.stop())
  beforeEach(({ skip }) => skip(missing !== undefined, missing))

  it('a call that changes something takes at most four', async () => {
    const { pool, take } = countingPool(await server.newDatabase())
    const store = await postgresStore({ pool, encryptionKey: Buffer.alloc(32, 7) })
    // Neither heartbeats nor looks for lapsed work come between.
    const times = { leaseMs: 3_000_000, heartbeatMs: 1_000_000 }
    const broker = createBroker({ offerings: [offering], auth: noAuth(), store, ...times })
    const counted: Record<string, number> = {}
    const call = async (name: string, method: string, path: string, body?: object) => {
      take()
      const url = `http://broker${path}${body ? '' : `?service_id=${ids.service_id}&plan_id=${ids.plan_id}`}`
      const response = await broker.fetch(
        new Request(url, { method, headers: json, ...(body && { body: JSON.stringify(body) }) }),
      )
      counted[name] = take()
      return response.status
    }
    const organization = { organization_guid: 'o', space_guid: 's' }
    // The look for lapsed work at the start is over after this one.
    expect(await call('fetch', 'GET', instance)).toBe(404)
    const statuses = [
      await call('provision', 'PUT', instance, { ...ids, ...organization, parameters: { size: 1 } }),
      await call('update', 'PATCH', instance, { service_id: ids.service_id, parameters: { size: 2 } }),
      await call('bind', 'PUT', binding, ids),
      await call('rotate', 'PUT', `${binding}2`, { predecessor_binding_id: 'b' }),
      await call('unbind', 'DELETE', binding),
      await call('bind again', 'PUT', binding, ids),
      await call('deprovision', 'DELETE', instance),
      await call('provision again', 'PUT', instance, { ...ids, ...organization }),
    ]
    expect(statuses).toEqual([201, 200, 201, 201, 200, 201, 200, 201])
    expect(counted).toEqual({
      fetch: expect.any(Number),
      provision: 3,
      update: 3,
      bind: 3,
      rotate: 4,
      unbind: 3,
      'bind again': 3,
      deprovision: 3,
      'provision again': 3,
    })
    await broker.close()
    await store.close()
    await pool.end()
  })
})
