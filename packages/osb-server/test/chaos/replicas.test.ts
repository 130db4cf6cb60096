import { setTimeout as sleep } from 'node:timers/promises'
import type { ResourceRecord } from 'osb-server'
import { postgresStore } from 'osb-server/postgres'
import pg from 'pg'
import { expect, it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { lifecycleClient } from './lifecycle-client.js'
import { type Replica, startReplica } from './replica.js'

const missing = whyNoPostgres()
const instances = Number(process.env['OSB_CHAOS_INSTANCES'] ?? 200)
const kills = Number(process.env['OSB_CHAOS_KILLS'] ?? 6)
const concurrency = 32
const encryptionKey = Buffer.alloc(32, 9).toString('base64')
/** Far more than it takes: 200 instances and 6 kills took 40 s on two slow processors. */
const timeoutMs = 240_000 + instances * 1_000 + kills * 10_000

it(
  'three replicas that are killed again and again lose nothing and never overlap',
  { timeout: timeoutMs + 60_000 },
  async (test) => {
    test.skip(missing !== undefined, missing)
    const server = await startPostgres()
    const signal = AbortSignal.timeout(timeoutMs)
    const replicas: Replica[] = []
    const closing: (() => Promise<unknown>)[] = []
    try {
      const connectionString = await server.newDatabase()
      const database = new pg.Client({ connectionString })
      await database.connect()
      closing.push(() => database.end())
      await database.query('create table chaos_calls (what text, attempt int, overlapping boolean, detail text)')
      const env = { DATABASE_URL: connectionString, ENCRYPTION_KEY: encryptionKey }
      for (let count = 0; count < 3; count++)
        replicas.push(await startReplica(new URL('chaos-broker.ts', import.meta.url), env))
      const client = lifecycleClient(replicas, signal)
      let next = 0
      let ended = 0
      const worker = async () => {
        for (; next < instances; ended++) await client.live(`i${next++}`)
      }
      /** Spreads the kills over the whole load, however fast the machine is. */
      const killer = async () => {
        for (let count = 0; count < kills; count++) {
          while (ended < ((count + 0.25) / kills) * instances) await sleep(20, undefined, { signal })
          const replica = replicas[count % replicas.length]
          await replica?.kill()
          await replica?.start()
        }
      }
      const startedAt = performance.now()
      await Promise.all([killer(), ...Array.from({ length: concurrency }, worker)])
      const seconds = Math.round((performance.now() - startedAt) / 1_000)

      const records = await allRecords(connectionString)
      const { rows } = await database.query<{ calls: number; again: number; overlaps: number }>(
        `select count(*)::int as calls, (count(*) filter (where attempt > 1))::int as again,
        (count(*) filter (where overlapping))::int as overlaps from chaos_calls`,
      )
      const overlapping = await database.query<{ detail: string }>('select detail from chaos_calls where overlapping')
      const counts = {
        instances,
        gone: records.filter(({ key, status }) => key.binding_id === undefined && status === 'deleted').length,
        kills,
        'operations that have not ended': records.filter(({ operation }) => operation.state === 'in progress').length,
        'resources left': records.filter(({ status }) => status !== 'deleted').length,
        "calls of the author's functions": rows[0]?.calls,
        'calls again after a crash': rows[0]?.again,
        'functions that overlapped': rows[0]?.overlaps,
        'answers by status': client.answers,
        'unexpected statuses': client.unexpected.length,
        seconds,
      }
      console.log(`chaos: ${JSON.stringify(counts, undefined, 2)}`)
      expect(client.unexpected).toEqual([])
      expect(overlapping.rows).toEqual([])
      expect(counts).toMatchObject({
        gone: instances,
        'operations that have not ended': 0,
        'resources left': 0,
        'functions that overlapped': 0,
      })
      // Provision, update, deprovision, and two binds and unbinds.
      expect(rows[0]?.calls).toBeGreaterThanOrEqual(7 * instances)
    } finally {
      await Promise.all(replicas.map((replica) => replica.kill()))
      for (const close of closing) await close()
      await server.stop()
    }
  },
)

async function allRecords(connectionString: string): Promise<readonly ResourceRecord[]> {
  const store = await postgresStore({ connectionString, encryptionKey })
  const records: ResourceRecord[] = []
  let after: string | undefined
  do {
    const page = await store.list({ limit: 1_000, after })
    records.push(...page.records)
    after = page.next
  } while (after !== undefined)
  await store.close()
  return records
}
