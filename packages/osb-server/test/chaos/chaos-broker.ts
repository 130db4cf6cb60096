// One replica of the chaos test: a broker on the shared database whose functions notice if they overlap.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBroker, defineOffering, definePlan, type HandlerContext, noAuth } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { postgresStore } from 'osb-server/postgres'
import pg from 'pg'

const connectionString = process.env['DATABASE_URL'] ?? ''
const encryptionKey = process.env['ENCRYPTION_KEY'] ?? ''
const locks = new pg.Pool({ connectionString, max: 64 })
locks.on('error', () => undefined)

/**
 * Works for a while under a lock of the database that ends with this process. A second function for the same instance
 * finds the lock taken and leaves a note.
 */
async function work(instance_id: string, what: string, { signal, attempt }: HandlerContext): Promise<void> {
  const connection = await locks.connect()
  try {
    const { rows } = await connection.query<{ free: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as free',
      [instance_id],
    )
    const overlaps = rows[0]?.free !== true
    await connection.query(
      'insert into chaos_calls (instance_id, what, attempt, overlapping) values ($1, $2, $3, $4)',
      [instance_id, what, attempt, overlaps],
    )
    await sleep(20 + Math.random() * 130, undefined, { signal })
  } finally {
    await connection.query('select pg_advisory_unlock(hashtextextended($1, 0))', [instance_id])
    connection.release()
  }
}

const offering = defineOffering({
  id: 'service',
  name: 'chaos',
  description: 'Chaos',
  bindable: true,
  // Leases are so short here that a slow machine loses many.
  maximumAttempts: 1_000,
  plans: [definePlan({ id: 'plan', name: 'small', description: 'Small' })],
  async provision(input) {
    await work(input.instance_id, 'provision', input)
    return { state: { host: input.instance_id } }
  },
  async bind(input) {
    await work(input.instance_id, 'bind', input)
    return { credentials: { host: input.instance.state.host, username: input.binding_id } }
  },
  unbind: (input) => work(input.instance_id, 'unbind', input),
  deprovision: (input) => work(input.instance_id, 'deprovision', input),
})

const broker = createBroker({
  offerings: [offering],
  auth: noAuth(),
  store: await postgresStore({ connectionString, encryptionKey, maximumConnections: 8 }),
  syncWindowMs: 30,
  leaseMs: 1_500,
  heartbeatMs: 300,
})
const server = createServer(toNodeHandler(broker)).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port)
})
