import { postgresStore } from 'osb-server/postgres'
import pg from 'pg'
import { expect, it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { type Replica, startReplica } from './replica.js'

const encryptionKey = Buffer.alloc(32, 9).toString('base64')
const missing = whyNoPostgres()
const incomplete = '?accepts_incomplete=true'
const body = { service_id: 'service', plan_id: 'plan', organization_guid: 'o', space_guid: 's' }
const patience = { timeout: 60_000, interval: 50 }

async function send(replica: Replica, method: string, path: string, json?: object) {
  const response = await fetch(`${replica.url()}/v2/service_instances/${path}`, {
    method,
    headers: { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' },
    ...(json ? { body: JSON.stringify(json) } : {}),
    signal: AbortSignal.timeout(90_000),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

it(
  'an owner that is stopped with SIGSTOP and woken after its takeover writes nothing, and its signal aborts',
  { timeout: 240_000 },
  async (test) => {
    test.skip(missing !== undefined, missing)
    const server = await startPostgres()
    const replicas: Replica[] = []
    const closing: (() => Promise<unknown>)[] = []
    try {
      const connectionString = await server.newDatabase()
      const database = new pg.Client({ connectionString })
      await database.connect()
      closing.push(() => database.end())
      await database.query('create table notes (replica text, what text, detail text)')
      const store = await postgresStore({ connectionString, encryptionKey })
      closing.push(() => store.close())
      const notesOf = async (replica: string) => {
        const query = 'select what, detail from notes where replica = $1'
        const { rows } = await database.query<{ what: string; detail: string }>(query, [replica])
        return rows.map(({ what, detail }) => `${what} ${detail}`.trim())
      }
      const instance = async () => (await store.read({ tenant: '', instance_id: 'i' })).instance
      const env = { DATABASE_URL: connectionString, ENCRYPTION_KEY: encryptionKey }
      const slow = await startReplica(new URL('stopped-broker.ts', import.meta.url), { ...env, REPLICA: 'slow' })
      replicas.push(slow)

      // A platform that waits, and is still there when its broker wakes up.
      const waiting = send(slow, 'PUT', 'i', body)
      waiting.catch(() => undefined)
      await expect.poll(() => notesOf('slow'), patience).toHaveLength(1)
      const token = (await instance())?.lease?.token ?? 0
      expect(await notesOf('slow')).toEqual([`begun ${token}`])
      slow.signal('SIGSTOP')
      const quick = await startReplica(new URL('stopped-broker.ts', import.meta.url), { ...env, REPLICA: 'quick' })
      replicas.push(quick)
      await expect.poll(async () => (await instance())?.operation.state, patience).toBe('succeeded')
      expect(await notesOf('quick')).toEqual([`begun ${token + 1}`])
      const before = await instance()
      expect(before?.secrets.state).toEqual({ host: 'quick' })
      expect(await store.renewLease({ tenant: '', instance_id: 'i' }, token, 60_000)).toBe(false)

      slow.signal('SIGCONT')
      await expect.poll(() => notesOf('slow'), patience).toEqual([`begun ${token}`, 'aborted lease-lost'])
      await database.query("insert into notes (replica, what) values ('test', 'go on')")
      await expect.poll(async () => (await notesOf('slow')).at(-1), patience).toBe('returned')
      expect((await notesOf('slow')).slice(2)).toEqual([
        'refused OperationHalted',
        'refused OperationHalted',
        'returned',
      ])
      // Who waited is told to ask again, and finds what the successor made.
      expect((await waiting).status).toBe(503)
      expect(await send(slow, 'PUT', `i${incomplete}`, body)).toMatchObject({ status: 200 })
      await slow.end()
      expect(await instance()).toEqual(before)
      const bound = await send(quick, 'PUT', 'i/service_bindings/b', { service_id: 'service', plan_id: 'plan' })
      expect(bound).toMatchObject({ status: 201, body: { credentials: { host: 'quick' } } })
    } finally {
      await Promise.all(replicas.map((replica) => replica.kill()))
      for (const close of closing) await close()
      await server.stop()
    }
  },
)
