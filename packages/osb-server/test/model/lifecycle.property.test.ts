import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type BrokerStore, memoryStore } from 'osb-server'
import { postgresStore } from 'osb-server/postgres'
import { sqliteStore } from 'osb-server/sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../support/postgres-server.js'
import { controlTime } from './controlled-time.js'
import { emptyStore } from './empty-store.js'
import { playSequence } from './run-sequence.js'
import { sequences } from './sequences.js'

const runs = Number(process.env['OSB_MODEL_RUNS'] ?? 15)
const seed = Number(process.env['OSB_FUZZ_SEED'] ?? Date.now() & 0x7fffffff)
const encryptionKey = Buffer.alloc(32, 7).toString('base64')

let putBack: () => void
beforeAll(() => {
  putBack = controlTime()
})
afterAll(() => putBack())

const stores = {
  memory: async () => ({ store: memoryStore(), end: async () => undefined }),
  async SQLite() {
    const folder = mkdtempSync(join(tmpdir(), 'osb-model-'))
    const store = await sqliteStore({ file: join(folder, 'broker.db'), encryptionKey })
    return { store, end: async () => rmSync(folder, { recursive: true, force: true }) }
  },
  async PostgreSQL() {
    const server = await startPostgres()
    const store = await postgresStore({ connectionString: await server.newDatabase(), encryptionKey })
    return { store, end: () => server.stop() }
  },
} satisfies Record<string, () => Promise<{ store: BrokerStore; end: () => Promise<unknown> }>>

it.for(Object.keys(stores) as (keyof typeof stores)[])(
  'any order of calls, crashes and takeovers comes out as the reference model says, on the %s store',
  { timeout: 3_600_000 },
  async (name, { skip }) => {
    const missing = name === 'PostgreSQL' ? whyNoPostgres() : undefined
    skip(missing !== undefined, missing)
    console.log(`model: ${name}: OSB_MODEL_RUNS=${runs} OSB_FUZZ_SEED=${seed}`)
    const { store, end } = await stores[name]()
    const tokens = new Map<string, number>()
    let played = 0
    try {
      const property = fc.asyncProperty(sequences, async (steps) => {
        await emptyStore(store)
        await playSequence(store, steps, tokens)
        played++
      })
      await fc.assert(property, { numRuns: runs, seed })
      console.log(`model: ${name}: ${played} sequences`)
      expect(played).toBe(runs)
    } finally {
      await store.close()
      await end()
    }
  },
)
