import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../../test/support/postgres-server.js'
import { bindingKey, busyContent, change, create, doneContent, longMs, owner } from '../contract/contract-case.js'
import type { EncryptionOptions } from '../encryption.js'
import { postgresStore } from '../postgres-store.js'
import { sqliteStore } from '../sqlite-store.js'
import type { EncryptedStore } from './rekey.js'

const [oldKey, newKey] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)]
const both = { encryptionKey: newKey, previousEncryptionKeys: [oldKey] }
const keyOf = (index: number) => ({
  tenant: index % 2 === 0 ? '' : 'a',
  instance_id: `i${index}`.padEnd(index * 300, 'x'),
})
const secrets = { state: { host: 'h' }, checkpoint: [1, null] }

let folder = ''
let server: PostgresServer | undefined
const missing = whyNoPostgres()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-rekey-'))
  if (missing === undefined) server = await startPostgres()
}, 180_000)
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true })
})

type Open = (keys: EncryptionOptions) => Promise<EncryptedStore>
let count = 0
const databases: Readonly<Record<string, () => Promise<Open>>> = {
  SQLite: async () => {
    const file = join(folder, `store-${(count += 1)}.db`)
    return (keys) => sqliteStore({ file, ...keys })
  },
  PostgreSQL: async () => {
    const connectionString = (await server?.newDatabase()) ?? ''
    return (keys) => postgresStore({ connectionString, ...keys })
  },
}

async function using<Result>(opening: Promise<EncryptedStore>, use: (store: EncryptedStore) => Promise<Result>) {
  const store = await opening
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

describe.each(Object.keys(databases))('rekey on %s', (name) => {
  beforeEach(({ skip }) => skip(name === 'PostgreSQL' && missing !== undefined, missing))
  const newDatabase = async () => (await databases[name]?.()) as Open

  it('encrypts all with the newest key, page by page, and then the old one is needed no more', async () => {
    const open = await newDatabase()
    const before = await using(open({ encryptionKey: oldKey }), async (store) => {
      for (let index = 0; index < 7; index++) await create(store, keyOf(index), doneContent({ secrets }))
      await create(store, bindingKey('b', keyOf(1)), doneContent({ secrets }))
      return store.list()
    })
    await using(open(both), async (store) => {
      await create(store, keyOf(7))
      expect(await store.rekey({ pageSize: 3 })).toEqual({ rekeyed: 8, unreadable: 0 })
      expect(await store.rekey()).toEqual({ rekeyed: 0, unreadable: 0 })
    })
    await using(open({ encryptionKey: newKey }), async (store) => {
      const { records } = await store.list()
      expect(records.filter(({ key }) => key.instance_id !== keyOf(7).instance_id)).toEqual(before.records)
    })
    await expect(open({ encryptionKey: oldKey })).rejects.toMatchObject({ code: 'WRONG_KEY' })
  })

  it('loses no write that comes between, and takes no lease away', async () => {
    const open = await newDatabase()
    await using(open({ encryptionKey: oldKey }), async (store) => {
      for (let index = 0; index < 10; index++) await create(store, keyOf(index), doneContent({ secrets }))
    })
    await using(open(both), async (store) => {
      const { records } = await store.list()
      const writing = records.map(async (record) => {
        const taken = await change(store, record, busyContent(), owner(longMs))
        return change(store, taken, doneContent({ secrets: { state: 'new' } }))
      })
      await Promise.all([store.rekey({ pageSize: 2 }), ...writing])
      await store.rekey()
    })
    await using(open({ encryptionKey: newKey }), async (store) => {
      const { records } = await store.list()
      expect(records.map(({ secrets: { state } }) => state)).toEqual(records.map(() => 'new'))
    })
  })
})

it('rekey reports what cannot be read, leaves it, and forgets no key then; it ends when told to, and goes on', async () => {
  const file = join(folder, 'unreadable.db')
  await using(sqliteStore({ file, encryptionKey: oldKey }), async (store) => {
    for (const instance_id of ['a', 'b', 'c']) await create(store, { tenant: '', instance_id })
  })
  const database = new Database(file)
  database.exec(`update osb_resources set answer = request where instance_id = 'b'`)
  database.close()
  await using(sqliteStore({ file, ...both }), async (store) => {
    const reported: unknown[] = []
    const controller = new AbortController()
    const end = () => controller.abort(new Error('enough'))
    await expect(store.rekey({ signal: controller.signal, onUnreadable: end })).rejects.toThrow('enough')
    const result = await store.rekey({ pageSize: 1, onUnreadable: (error) => reported.push(error) })
    expect(result).toEqual({ rekeyed: 1, unreadable: 1 })
    expect(reported).toEqual([expect.objectContaining({ code: 'CORRUPT' })])
  })
  await expect(sqliteStore({ file, encryptionKey: newKey })).rejects.toMatchObject({ code: 'WRONG_KEY' })
})
