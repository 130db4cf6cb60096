import { type CompiledQuery, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import Database from 'libsql'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../../test/support/postgres-server.js'
import { doneContent } from '../contract/contract-case.js'
import type { ResourceWrite } from '../broker-store.js'
import { createCellCipher } from '../encryption.js'
import { toListing } from '../list-options.js'
import { toKeyColumns } from './key-columns.js'
import { claimLapsed, endAllLeases, releaseLease, renewLease } from './lease-queries.js'
import { migrate } from './migrate.js'
import { listResources, purgeDeleted, readResources } from './read-queries.js'
import { oldRows, writeCells } from './rekey.js'
import { postgresEngine, type SqlEngine, sqliteEngine } from './sql-engine.js'
import { statement } from './statement.js'
import type { Tables } from './tables.js'
import { removeBindings, toShape, touchInstance, toValues, writeAtOnce, writeRecord } from './write-queries.js'

type Db = Kysely<Tables>

const instances = 100_000

/** Instances in two tenants, every hundredth with two bindings; some in progress, some deleted. */
const fillUp = (numbers: string) => `
  insert into osb_resources (tenant, instance_id, binding_id, version, service_id, plan_id, status, operation_state,
    operation_ended_at_ms, operation, lease_owner, lease_token, lease_ends_at_ms, request, answer, operation_request)
  select case when n % 2 = 0 then '' else 'tenant' end, 'instance-' || n,
    case when b = 0 then '' else 'binding-' || b end, 1, 's', 'p',
    case when n % 50 = 1 then 'deleted' else 'live' end,
    case when n % 500 = 3 then 'in progress' else 'succeeded' end,
    case when n % 500 = 3 then null else n end, '{}', null, 1, n, 'r', 'a', 'o'
  from (${numbers}) as numbers`
const rowsFilled = instances + 2 * (instances / 100)

const place = { tenant: 'tenant', instance_id: 'instance-5001' }
const key = { ...place, binding_id: 'binding-1' }
const after = JSON.stringify(['tenant', 'instance-5001', 'binding-1'])
const cipher = createCellCipher({ encryptionKey: Buffer.alloc(32) })

const lists = [
  {},
  { after },
  { tenant: 'tenant' },
  { tenant: 'tenant', after },
  { tenant: 'tenant', only: 'instances' },
  { tenant: 'tenant', only: 'instances', after },
  { tenant: 'tenant', only: 'bindings' },
  place,
  { ...place, after },
  { inProgress: true },
  { inProgress: true, after },
  { tenant: 'tenant', inProgress: true },
  { ...place, inProgress: true },
] as const

const writes: Readonly<Record<string, Partial<ResourceWrite>>> = {
  'the write of a binding': { instanceVersion: 1 },
  'the write of a new binding': { instanceVersion: 1, expected: 'absent' },
  'the write of an instance': { key: place },
  'the write of an instance that removes its bindings': { key: place, removeBindings: true },
}

function queriesFor(db: Db, engine: SqlEngine): readonly (readonly [name: string, query: CompiledQuery<unknown>])[] {
  const write: ResourceWrite = { key, expected: 1, content: doneContent(), lease: { owner: 'o', ttlMs: 1 } }
  const values = toValues({ ...write, instanceVersion: 1 }, cipher)
  const compiled = Object.entries({
    renewLease: renewLease(db, engine, key, 1, 1),
    releaseLease: releaseLease(db, engine, key, 1),
    claimLapsed: claimLapsed(db, engine, 'o', 1, 10),
    endAllLeases: endAllLeases(db, engine),
    purgeDeleted: purgeDeleted(db, engine, 1, 10),
    'a page of rekey after': oldRows(db, cipher, toKeyColumns(key)).limit(10),
    'the write of rekey': writeCells(db, { ...values, version: 1 } as never, { request: 'r' } as never),
  }).map(([name, query]) => [name, query.compile()] as const)
  return [
    ['read', statement<ReturnType<typeof toKeyColumns>, unknown>((slot) => readResources(db, slot))(toKeyColumns(key))],
    ['touch', statement<typeof values, unknown>((slot) => touchInstance(db, slot))(values)],
    ['removeBindings', statement<typeof values, unknown>((slot) => removeBindings(db, slot))(values)],
    ...Object.entries(writes).map(([name, more]) => {
      const shape = toShape({ ...write, ...more })
      const build = engine.writesAtOnce ? writeAtOnce : writeRecord
      return [name, statement<typeof values, unknown>((slot) => build(db, engine, shape, slot))(values)] as const
    }),
    ...compiled,
    ...lists.map(
      (options) => [`list ${JSON.stringify(options)}`, listResources(db, toListing(options)).compile()] as const,
    ),
  ]
}

describe('query plans on SQLite with 100,000 instances', () => {
  const database = new Database(':memory:')
  const db: Db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  beforeAll(async () => {
    await migrate(db, sqliteEngine)
    const numbers = `with recursive series (n) as (select 1 union all select n + 1 from series where n < ${instances})
      select n, 0 as b from series union all select n, b from series, (select 1 as b union all select 2) where n % 100 = 1`
    database.exec(fillUp(numbers))
  })
  afterAll(() => db.destroy())

  it('has them all', () => {
    expect(database.prepare('select count(*) as count from osb_resources').get()).toMatchObject({ count: rowsFilled })
  })

  it.each(queriesFor(db, sqliteEngine))('%s uses an index and sorts nothing', (name, { sql, parameters }) => {
    const plan = database.prepare(`explain query plan ${sql}`).all([...parameters]) as { detail: string }[]
    const steps = plan.map(({ detail }) => detail).filter((detail) => /osb_resources|B-TREE/.test(detail))
    if (!name.includes('new')) expect(steps.length).toBeGreaterThan(0)
    for (const step of steps) {
      expect(step).toMatch(/^(SEARCH|SCAN) osb_resources USING (COVERING )?INDEX/)
    }
    if (name.includes('after')) {
      expect(steps).toEqual([expect.stringMatching(/SEARCH .*(binding_id>\?|binding_id\)>\(\?)/)])
    }
  })
})

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Actual Rows'?: number
  readonly Plans?: readonly PlanNode[]
}

const missing = whyNoPostgres()

describe('query plans on PostgreSQL with 100,000 instances', () => {
  let server: PostgresServer | undefined
  let pool: pg.Pool
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: async () => pool }) })
  beforeAll(async () => {
    if (missing !== undefined) return
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: await server.newDatabase() })
    await migrate(db, postgresEngine)
    await pool.query(
      fillUp(`select n, 0 as b from generate_series(1, ${instances}) as n
        union all select n, b from generate_series(1, ${instances}, 100) as n, generate_series(1, 2) as b`),
    )
    await pool.query('analyze osb_resources')
  }, 180_000)
  afterAll(async () => {
    if (server) await db.destroy()
    await server?.stop()
  })
  beforeEach(({ skip }) => skip(missing !== undefined, missing))

  it('has them all', async () => {
    const { rows } = await pool.query('select count(*)::int as count from osb_resources')
    expect(rows).toEqual([{ count: rowsFilled }])
  })

  it.each(queriesFor(db, postgresEngine))('%s uses an index and passes over few rows', async (_, query) => {
    const connection = await pool.connect()
    try {
      await connection.query('begin')
      const { rows } = await connection.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) ${query.sql}`,
        [...query.parameters],
      )
      const looks = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan).filter((node) => node['Node Type'].endsWith(' Scan'))
      for (const look of looks.filter((node) => node['Relation Name'] === 'osb_resources')) {
        expect(look['Node Type']).not.toBe('Seq Scan')
        expect(look['Rows Removed by Filter'] ?? 0).toBeLessThan(1_500)
      }
    } finally {
      await connection.query('rollback')
      connection.release()
    }
  })
})

function nodesOf(node: PlanNode | undefined): readonly PlanNode[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
