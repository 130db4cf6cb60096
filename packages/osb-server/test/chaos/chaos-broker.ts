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

/** Names what nobody else may work on meanwhile, and what others may work on in parts. */
interface Claims {
  readonly alone: string
  readonly shared?: string
}

const tryLock = `select pg_try_advisory_lock(hashtextextended($1, 0)) and
  ($2::text is null or pg_try_advisory_lock_shared(hashtextextended($2, 0))) as free`

/**
 * Works for a while under locks of the database that end with this process. A second function for the same instance, or
 * for the same binding, finds one taken and leaves a note.
 */
async function work(what: string, { alone, shared }: Claims, { signal, attempt }: HandlerContext): Promise<void> {
  const connection = await locks.connect()
  try {
    const { rows } = await connection.query<{ free: boolean }>(tryLock, [alone, shared])
    await connection.query('insert into chaos_calls (what, attempt, overlapping) values ($1, $2, $3)', [
      what,
      attempt,
      rows[0]?.free !== true,
    ])
    await sleep(20 + Math.random() * 130, undefined, { signal })
  } finally {
    await connection.query('select pg_advisory_unlock_all()')
    connection.release()
  }
}

const ofInstance = ({ instance_id }: { instance_id: string }): Claims => ({ alone: instance_id })
/** Bindings of one instance are worked on side by side, but not beside the instance itself. */
const ofBinding = ({ instance_id, binding_id }: { instance_id: string; binding_id: string }): Claims => ({
  alone: `${instance_id}/${binding_id}`,
  shared: instance_id,
})

const offering = defineOffering({
  id: 'service',
  name: 'chaos',
  description: 'Chaos',
  bindable: true,
  // Leases are so short here that a slow machine loses many.
  maximumAttempts: 1_000,
  plan_updateable: true,
  plans: [
    definePlan({ id: 'plan', name: 'small', description: 'Small' }),
    definePlan({ id: 'large', name: 'large', description: 'Large' }),
  ],
  async provision(input) {
    await work('provision', ofInstance(input), input)
    return { state: { host: input.instance_id } }
  },
  async update(input) {
    await work('update', ofInstance(input), input)
    return { state: { host: `${input.instance.state.host}-${input.plan_name}` } }
  },
  async bind(input) {
    await work('bind', ofBinding(input), input)
    return { credentials: { host: input.instance.state.host, username: input.binding_id } }
  },
  unbind: (input) => work('unbind', ofBinding(input), input),
  deprovision: (input) => work('deprovision', ofInstance(input), input),
})

const broker = createBroker({
  offerings: [offering],
  auth: noAuth(),
  store: await postgresStore({ connectionString, encryptionKey, maximumConnections: 8 }),
  syncWindowMs: 30,
  leaseMs: 3_000,
  heartbeatMs: 500,
})
const server = createServer(toNodeHandler(broker)).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port)
})
