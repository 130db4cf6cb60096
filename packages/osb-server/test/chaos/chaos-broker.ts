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
/** Connections are named after this process, so that whoever finds a lock taken can tell whether its holder lives. */
const locks = new pg.Pool({ connectionString, max: 64, application_name: String(process.pid) })
locks.on('error', () => undefined)

/** Names what nobody else may work on meanwhile, and what others may work on in parts. */
interface Claims {
  readonly alone: string
  readonly shared?: string
}

const tryLocks = `select pg_try_advisory_lock(hashtextextended($1, 0)) and
  ($2::text is null or pg_try_advisory_lock_shared(hashtextextended($2, 0))) as free`
const findHolders = `select application_name as process from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and granted and pid <> pg_backend_pid() and
    ((classid::bigint << 32) | objid::bigint) in (hashtextextended($1, 0), hashtextextended($2, 0))`

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** @returns which living processes hold locks that this one needs, which must not be. */
async function lock(connection: pg.PoolClient, { alone, shared }: Claims): Promise<readonly string[]> {
  for (;;) {
    const { rows } = await connection.query<{ free: boolean }>(tryLocks, [alone, shared])
    if (rows[0]?.free) return []
    const holders = await connection.query<{ process: string }>(findHolders, [alone, shared])
    const living = holders.rows.filter(({ process: holder }) => isAlive(Number(holder)))
    if (living.length > 0) return living.map(({ process: holder }) => holder)
    // The server has not noticed yet that the holder was killed.
    await sleep(20)
  }
}

/**
 * Works for a while under locks of the database that end with this process. A second function for the same instance, or
 * for the same binding, finds one taken and leaves a note.
 */
async function work(what: string, claims: Claims, { signal, attempt }: HandlerContext): Promise<void> {
  const connection = await locks.connect()
  try {
    const holders = await lock(connection, claims)
    await connection.query('insert into chaos_calls (what, attempt, overlapping, detail) values ($1, $2, $3, $4)', [
      what,
      attempt,
      holders.length > 0,
      `${what} of ${claims.alone}, attempt ${attempt}, in process ${process.pid} beside ${holders.join(', ')}`,
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
  // Far longer than a busy machine keeps a process waiting, since a paused process is the one case of an overlap.
  leaseMs: 6_000,
  heartbeatMs: 500,
})
const server = createServer(toNodeHandler(broker)).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port)
})
