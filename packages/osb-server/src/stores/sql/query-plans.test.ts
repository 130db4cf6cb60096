import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doneContent } from '../contract/contract-case.js'
import { createCellCipher } from '../encryption.js'
import { toListing } from '../list-options.js'
import { claimLapsed, endAllLeases, releaseLease, renewLease } from './lease-queries.js'
import { migrate } from './migrate.js'
import { listResources, purgeDeleted, readResources } from './read-queries.js'
import { sqliteEngine as engine } from './sql-engine.js'
import type { Tables } from './tables.js'
import { removeBindings, touchInstance, updateRecord } from './write-queries.js'

const database = new Database(':memory:')
const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
const key = { tenant: '', instance_id: 'i', binding_id: 'b' }
const after = JSON.stringify(['', 'i', 'b'])

beforeAll(() => migrate(db, engine))
afterAll(() => db.destroy())

const lists = [
  {},
  { after },
  { tenant: '' },
  { tenant: '', after },
  { tenant: '', instance_id: 'i' },
  { tenant: '', instance_id: 'i', after },
  { inProgress: true },
  { inProgress: true, after },
  { tenant: '', inProgress: true },
  { tenant: '', instance_id: 'i', inProgress: true },
]

function updateQuery() {
  const cipher = createCellCipher({ encryptionKey: Buffer.alloc(32) })
  const write = { key, expected: 1, content: doneContent(), lease: { owner: 'o', ttlMs: 1 } } as const
  return updateRecord(db, engine, cipher, write, 1)
}

const queries: readonly (readonly [
  name: string,
  query: { compile(): { sql: string; parameters: readonly unknown[] } },
])[] = [
  ['read', readResources(db, key)],
  ['write', updateQuery()],
  ['touch', touchInstance(db, key, 1)],
  ['removeBindings', removeBindings(db, key)],
  ['renewLease', renewLease(db, engine, key, 1, 1)],
  ['releaseLease', releaseLease(db, engine, key, 1)],
  ['claimLapsed', claimLapsed(db, engine, 'o', 1, 10)],
  ['endAllLeases', endAllLeases(db, engine)],
  ['purgeDeleted', purgeDeleted(db, 1, 10)],
  ...lists.map((options) => [`list ${JSON.stringify(options)}`, listResources(db, toListing(options))] as const),
]

describe('query plans', () => {
  it.each(queries)('%s uses an index and sorts nothing', (name, query) => {
    const { sql, parameters } = query.compile()
    const plan = database.prepare(`explain query plan ${sql}`).all([...parameters]) as { detail: string }[]
    const steps = plan.map(({ detail }) => detail).filter((detail) => /osb_resources|B-TREE/.test(detail))
    expect(steps.length).toBeGreaterThan(0)
    for (const step of steps) {
      expect(step).toMatch(/^(SEARCH|SCAN) osb_resources USING (COVERING )?INDEX/)
    }
    if (name.includes('after')) {
      expect(steps).toEqual([expect.stringMatching(/SEARCH .*(binding_id>\?|binding_id\)>\(\?)/)])
    }
  })
})
