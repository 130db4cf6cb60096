import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { busyContent, create, doneContent, instanceKey } from './contract/contract-case.js'
import { storeContract } from './contract/store-contract.js'
import { postgresStore } from './postgres-store.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')
const missing = whyNoPostgres()

describe('postgresStore', () => {
  let server: PostgresServer
  beforeAll(async () => {
    if (missing === undefined) server = await startPostgres()
  }, 180_000)
  afterAll(() => server?.stop())
  beforeEach(({ skip }) => skip(missing !== undefined, missing))

  const open = async () => postgresStore({ connectionString: await server.newDatabase(), encryptionKey })

  it.each(storeContract)('$name', ({ run }) => run(open))

  it('two replicas may open a new database at the same time', async () => {
    const connectionString = await server.newDatabase()
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => postgresStore({ connectionString, encryptionKey })),
    )
    await create(stores[0] as never, instanceKey, doneContent())
    expect((await stores[4]?.read(instanceKey))?.instance?.status).toBe('live')
    await Promise.all(stores.map((store) => store.close()))
  })

  it('replicas that claim at once get different operations, and each operation one owner', async () => {
    const connectionString = await server.newDatabase()
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => postgresStore({ connectionString, encryptionKey })),
    )
    const [first] = stores
    const keys = Array.from({ length: 20 }, (_, index) => ({ tenant: '', instance_id: `i${index}` }))
    for (const key of keys) await create(first as never, key, busyContent(), { lease: { owner: 'dead', ttlMs: 1 } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    const claimed = await Promise.all(stores.map((store, index) => store.claimLapsed(`o${index}`, 60_000, 20)))
    const ids = claimed.flat().map(({ key }) => key.instance_id)
    expect(ids.toSorted()).toEqual(keys.map(({ instance_id }) => instance_id).toSorted())
    await Promise.all(stores.map((store) => store.close()))
  })

  it("leaves the caller's pool open", async () => {
    const pool = new pg.Pool({ connectionString: await server.newDatabase() })
    const store = await postgresStore({ pool, encryptionKey })
    await store.close()
    await expect(store.list()).rejects.toThrow('closed')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  it('a database that cannot be reached is CANNOT_OPEN, without the password', async () => {
    const connectionString = 'postgres://osb:hunter2@127.0.0.1:1/none'
    const error = await postgresStore({ connectionString, encryptionKey }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CANNOT_OPEN', message: expect.stringContaining('ECONNREFUSED') })
    expect(String(error)).not.toContain('hunter2')
  })

  it('another key than the one that wrote is WRONG_KEY', async () => {
    const connectionString = await server.newDatabase()
    await (await postgresStore({ connectionString, encryptionKey })).close()
    const other = Buffer.alloc(32, 8).toString('base64')
    await expect(postgresStore({ connectionString, encryptionKey: other })).rejects.toMatchObject({ code: 'WRONG_KEY' })
  })
})
