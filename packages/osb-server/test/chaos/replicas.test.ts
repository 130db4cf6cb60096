import { setTimeout as sleep } from 'node:timers/promises'
import { postgresStore } from 'osb-server/postgres'
import pg from 'pg'
import { expect, it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../support/postgres-server.js'
import { lifecycleClient } from './lifecycle-client.js'
import { type Replica, startReplica } from './replica.js'

const missing = whyNoPostgres()
const instances = Number(process.env['OSB_CHAOS_INSTANCES'] ?? 200)
const kills = Number(process.env['OSB_CHAOS_KILLS'] ?? 6)
const concurrency = 32
const encryptionKey = Buffer.alloc(32, 9).toString('base64')

it(
  'three replicas that are killed again and again lose nothing and never overlap',
  { timeout: 600_000 },
  async (test) => {
    test.skip(missing !== undefined, missing)
    const server = await startPostgres()
    const signal = AbortSignal.timeout(300_000)
    const replicas: Replica[] = []
    const closing: (() => Promise<unknown>)[] = []
    try {
      const connectionString = await server.newDatabase()
      const database = new pg.Client({ connectionString })
      await database.connect()
      closing.push(() => database.end())
      await database.query('create table chaos_calls (instance_id text, what text, attempt int, overlapping boolean)')
      const env = { DATABASE_URL: connectionString, ENCRYPTION_KEY: encryptionKey }
      for (let count = 0; count < 3; count++) replicas.push(await startReplica(env))
      const client = lifecycleClient(replicas, signal)
      let next = 0
      const worker = async () => {
        while (next < instances) await client.live(`i${next++}`)
      }
      const killer = async () => {
        for (let count = 0; count < kills; count++) {
          await sleep(400 + Math.random() * 400)
          const replica = replicas[count % replicas.length]
          await replica?.kill()
          await replica?.start()
        }
      }
      const killing = killer()
      await Promise.all(Array.from({ length: concurrency }, worker))
      await killing

      const store = await postgresStore({ connectionString, encryptionKey })
      const { records } = await store.list({ limit: 1_000 })
      await store.close()
      const left = records.filter(({ status }) => status !== 'deleted')
      const { rows } = await database.query<{ calls: number; again: number; overlaps: number }>(
        `select count(*)::int as calls, (count(*) filter (where attempt > 1))::int as again,
        (count(*) filter (where overlapping))::int as overlaps from chaos_calls`,
      )
      const [counts] = rows
      console.log(`${instances} instances, ${kills} kills: ${JSON.stringify(counts)}`)
      expect(client.unexpected).toEqual([])
      expect(left).toEqual([])
      expect(counts?.overlaps).toBe(0)
      expect(counts?.calls).toBeGreaterThanOrEqual(4 * instances)
    } finally {
      await Promise.all(replicas.map((replica) => replica.kill()))
      for (const close of closing) await close()
      await server.stop()
    }
  },
)
