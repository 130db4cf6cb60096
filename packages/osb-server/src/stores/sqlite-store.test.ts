import { copyFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrokerStore } from './broker-store.js'
import { bindingKey, busyContent, create, doneContent, instanceKey, longMs, owner } from './contract/contract-case.js'
import { storeContract } from './contract/store-contract.js'
import { loadLibsql, sqliteStore, type SqliteStoreOptions } from './sqlite-store.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')
const otherKey = Buffer.alloc(32, 8).toString('base64')
let folder = ''
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-sqlite-'))
})
afterAll(() => rm(folder, { recursive: true }))

const newFile = () => join(folder, `store-${(count += 1)}.db`)

/** Opens the file, uses it, and closes it. */
async function using<T>(
  file: string,
  use: (store: BrokerStore) => Promise<T>,
  options: Partial<SqliteStoreOptions> = {},
) {
  const store = await sqliteStore({ file, encryptionKey, ...options })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Changes a closed database behind the store's back. */
function tamper(file: string, ...statements: readonly string[]): void {
  const database = new Database(file)
  statements.forEach((statement) => database.exec(statement))
  database.close()
}

describe('sqliteStore', () => {
  it.each(storeContract)('$name', ({ run }) => run(() => sqliteStore({ file: newFile(), encryptionKey })))

  it('finds everything again when the file is opened again', async () => {
    const file = newFile()
    const before = await using(file, async (store) => {
      await create(store, instanceKey, doneContent({ secrets: { state: { host: 'h' } } }))
      await create(store, bindingKey('b'.repeat(5000)), busyContent())
      return store.list()
    })
    expect(before.records).toHaveLength(2)
    expect(await using(file, (store) => store.list())).toEqual(before)
  })

  it('leaves everything in the one file when it is closed', async () => {
    const file = newFile()
    const copy = newFile()
    await using(file, (store) => create(store, instanceKey))
    await copyFile(file, copy)
    await using(copy, async (store) => expect((await store.list()).records).toHaveLength(1))
  })

  it('gives the operations that an earlier process left to the first who claims them', async () => {
    const file = newFile()
    const left = await using(file, (store) => create(store, instanceKey, busyContent(), { lease: owner(longMs) }))
    await using(file, async (store) => {
      expect(await store.renewLease(instanceKey, left.lease?.token ?? 0, longMs)).toBe(false)
      const [claimed] = await store.claimLapsed('second', longMs, 10)
      expect(claimed?.lease).toEqual({ owner: 'second', token: (left.lease?.token ?? 0) + 1 })
      expect(await store.claimLapsed('third', longMs, 10)).toEqual([])
    })
  })

  it('refuses a second store on the file, by whatever path, until the first is closed', async () => {
    const file = newFile()
    await symlink(file, `${file}-link`)
    await using(file, async () => {
      for (const path of [file, join(folder, '.', basename(file)), `${file}-link`]) {
        const refusal = { code: 'IN_USE', message: expect.stringContaining('in use by another broker process') }
        await expect(sqliteStore({ file: path, encryptionKey })).rejects.toMatchObject(refusal)
      }
    })
    await using(`${file}-link`, async (store) => expect((await store.list()).records).toEqual([]))
  })

  it('lets a tool read the database while it is open', async () => {
    const file = newFile()
    await using(file, async (store) => {
      await create(store, instanceKey)
      const tool = new Database(file, { readonly: true })
      expect(tool.prepare('select status from osb_resources').all()).toEqual([{ status: 'live' }])
      expect(tool.pragma('journal_mode', { simple: true })).toMatchObject({ journal_mode: 'wal' })
      tool.close()
    })
  })

  it('makes files that only their owner can read', async () => {
    const file = newFile()
    await using(file, async (store) => {
      await create(store, instanceKey)
      const modes = [file, `${file}-wal`].map(async (path) => ((await stat(path)).mode & 0o777).toString(8))
      expect(await Promise.all(modes)).toEqual(['600', '600'])
    })
  })

  it('writes no secret in plain text into any of its files', async () => {
    const file = newFile()
    const marker = 'PLAINTEXT-MARKER'
    const secrets = Object.fromEntries(
      ['request', 'answer', 'state', 'operationRequest', 'checkpoint'].map((name) => [name, { [marker]: [marker] }]),
    )
    const search = async () => {
      const files = (await readdir(folder)).filter((name) => name.startsWith(basename(file)))
      const contents = await Promise.all(files.map((name) => readFile(join(folder, name))))
      return { files: files.toSorted(), found: contents.map((content) => content.includes(marker)) }
    }
    await using(file, async (store) => {
      await create(store, instanceKey, doneContent({ secrets, operation: { description: 'not a secret' } }))
      const { files, found } = await search()
      expect(files).toEqual(['', '-lock', '-shm', '-wal'].map((end) => `${basename(file)}${end}`))
      expect(found).not.toContain(true)
      expect((await readFile(`${file}-wal`)).includes('not a secret')).toBe(true)
    })
    expect((await search()).found).not.toContain(true)
  })

  it.each([
    ['changed', `update osb_resources set answer = substr(answer, 1, length(answer) - 4) || 'AAAA'`],
    ['emptied', `update osb_resources set request = ''`],
    ['put into another column', 'update osb_resources set answer = request'],
    ['exchanged between columns', 'update osb_resources set state = checkpoint, checkpoint = state'],
    [
      'put into another record',
      `update osb_resources set
      answer = (select answer from osb_resources as o where o.binding_id <> osb_resources.binding_id)`,
    ],
    [
      'moved with its record to another key',
      `delete from osb_resources where binding_id = 'b1'`,
      `update osb_resources set binding_id = 'b1'`,
    ],
    ['moved with its record to another tenant', `update osb_resources set tenant = 'b'`],
    ['given the key of another record', `update osb_resources set long_key = '["a","other"]'`],
  ])('refuses a secret that was %s', async (_, ...statements) => {
    const file = newFile()
    const key = { tenant: 'a', instance_id: 'one' }
    const content = doneContent({ secrets: { state: 'state', checkpoint: 'checkpoint' } })
    await using(file, async (store) => {
      await create(store, key, content)
      await create(store, bindingKey('b1', key), content)
    })
    tamper(file, ...statements)
    await using(file, (store) => expect(store.list()).rejects.toMatchObject({ code: 'CORRUPT' }))
  })

  it('leaves out of a listing what cannot be read, where somebody wants to be told', async () => {
    const file = newFile()
    await using(file, async (store) => {
      for (const instance_id of ['a', 'b', 'c']) await create(store, { tenant: '', instance_id }, doneContent())
    })
    tamper(file, `update osb_resources set answer = request where instance_id = 'b'`)
    await using(file, async (store) => {
      const unreadable: unknown[] = []
      const { records, next } = await store.list({ limit: 2, onUnreadable: (error) => unreadable.push(error) })
      expect(records.map(({ key }) => key.instance_id)).toEqual(['a'])
      expect(unreadable).toEqual([expect.objectContaining({ code: 'CORRUPT' })])
      expect((await store.list({ after: next })).records.map(({ key }) => key.instance_id)).toEqual(['c'])
    })
  })

  it('refuses to open without a key, and makes no file', async () => {
    const file = newFile()
    const options = { file } as SqliteStoreOptions
    await expect(sqliteStore(options)).rejects.toMatchObject({ code: 'INVALID_KEY' })
    await expect(stat(file)).rejects.toThrow('ENOENT')
  })

  it('refuses to open with a wrong key, says so, and is not left locked', async () => {
    const file = newFile()
    await using(file, (store) => create(store, instanceKey, doneContent({ secrets: { state: 'secret' } })))
    const opening = sqliteStore({ file, encryptionKey: otherKey })
    const refusal = {
      code: 'WRONG_KEY',
      message: expect.stringMatching(/values of the encryption key "[0-9a-f]{16}", which is neither/),
    }
    await expect(opening).rejects.toMatchObject(refusal)
    await using(file, async (store) => expect((await store.list()).records).toHaveLength(1))
  })

  it('reads the values of a previous key, and from then on needs both', async () => {
    const file = newFile()
    const instance = await using(file, (store) => create(store, instanceKey))
    const rotated = { encryptionKey: otherKey, previousEncryptionKeys: [encryptionKey] }
    const both = await using(
      file,
      async (store) => {
        await create(store, bindingKey('b1'))
        return (await store.list()).records
      },
      rotated,
    )
    expect(both[0]).toEqual(instance)
    expect(both).toHaveLength(2)
    await expect(sqliteStore({ file, encryptionKey })).rejects.toMatchObject({ code: 'WRONG_KEY' })
    await expect(sqliteStore({ file, encryptionKey: otherKey })).rejects.toMatchObject({ code: 'WRONG_KEY' })
  })

  it('refuses a schema that is newer than it knows, and leaves it as it is', async () => {
    const file = newFile()
    await using(file, async () => {})
    tamper(file, 'insert into osb_schema values (99)')
    const refusal = { code: 'NEWER_SCHEMA', message: expect.stringContaining('schema version 99') }
    await expect(sqliteStore({ file, encryptionKey })).rejects.toMatchObject(refusal)
    tamper(file, 'delete from osb_schema where version = 99')
    await using(file, async (store) => expect((await store.list()).records).toEqual([]))
  })

  it('says what it cannot open: a missing folder, a file that is no database', async () => {
    const missing = join(folder, 'missing', 'store.db')
    const refusal = (file: string) => ({ code: 'CANNOT_OPEN', message: expect.stringContaining(`cannot open ${file}`) })
    await expect(sqliteStore({ file: missing, encryptionKey })).rejects.toMatchObject(refusal(missing))
    await expect(sqliteStore({ file: folder, encryptionKey })).rejects.toMatchObject(refusal(folder))
    const text = newFile()
    await writeFile(text, 'this is not a database, and long enough to have a header'.repeat(20))
    await expect(sqliteStore({ file: text, encryptionKey })).rejects.toMatchObject(refusal(text))
    await rm(`${folder}-lock`)
  })

  it('says what to install where the driver is missing', async () => {
    const load = () => Promise.reject(new Error(`Cannot find package 'libsql'`))
    const refusal = { code: 'DRIVER_MISSING', message: expect.stringContaining('npm install libsql') }
    await expect(loadLibsql(load)).rejects.toMatchObject(refusal)
  })
})
