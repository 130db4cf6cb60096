import { inspect } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js'
import { createBroker, defineOffering, definePlan, noAuth, secret } from '../index.js'
import { busyContent, change, create, doneContent, instanceKey, longMs, owner } from './contract/contract-case.js'
import { toConnectionString } from './postgres-pool.js'
import { type PostgresStoreOptions, postgresStore } from './postgres-store.js'
import type { EncryptedStore } from './sql/rekey.js'

const encryptionKey = Buffer.alloc(32, 7)
const missing = whyNoPostgres()
const lost = { code: 'UNREACHABLE' }

describe('postgresStore on a network that fails', () => {
  let server: PostgresServer
  let proxy: TcpProxy
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    if (missing === undefined) server = await startPostgres()
  }, 180_000)
  afterAll(() => server?.stop())
  beforeEach(({ skip }) => skip(missing !== undefined, missing))
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })

  async function open(more: { readonly statementTimeoutMs?: number } = {}): Promise<EncryptedStore> {
    const url = new URL(await server.newDatabase())
    proxy = await startTcpProxy(Number(url.port))
    url.port = String(proxy.port)
    const store = await postgresStore({ connectionString: url.href, encryptionKey, ...more })
    closing.push(
      () => proxy.close(),
      () => store.close(),
    )
    return store
  }

  it('goes on after all its connections were cut, and no error is left to end the process', async () => {
    const unforeseen = vi.fn()
    process.on('uncaughtException', unforeseen)
    const store = await open()
    const record = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    for (let time = 0; time < 3; time++) {
      proxy.cut()
      expect((await store.read(instanceKey)).instance).toEqual(record)
      proxy.cut()
      expect(await store.renewLease(instanceKey, record.lease?.token ?? 0, longMs)).toBe(true)
    }
    process.off('uncaughtException', unforeseen)
    expect(unforeseen).not.toHaveBeenCalled()
  })

  it('says that a write is in doubt when its answer was lost, and does not repeat it', async () => {
    const store = await open()
    const record = await create(store, instanceKey)
    proxy.loseAnswers()
    const content = doneContent({ operation: { description: 'written' } })
    await expect(change(store, record, content)).rejects.toMatchObject(lost)
    proxy.heal()
    const { instance } = await store.read(instanceKey)
    expect(instance).toMatchObject({ version: record.version + 1, operation: { description: 'written' } })
  })

  it('gives up a statement that nobody answers, and its connection with it', async () => {
    const store = await open({ statementTimeoutMs: 100 })
    proxy.swallow()
    await expect(store.read(instanceKey)).rejects.toThrow('timeout')
    proxy.heal()
    await create(store, instanceKey)
    expect((await store.read(instanceKey)).instance).toBeDefined()
  })

  it('a statement that takes too long is ended by the server, and the connection goes on', async () => {
    const connectionString = await server.newDatabase()
    const store = await postgresStore({
      connectionString,
      encryptionKey,
      statementTimeoutMs: 100,
      maximumConnections: 1,
    })
    const other = new pg.Client({ connectionString })
    await other.connect()
    closing.push(
      () => other.end(),
      () => store.close(),
    )
    await other.query('begin; lock table osb_resources in access exclusive mode')
    await expect(store.read(instanceKey)).rejects.toMatchObject({ code: '57014' })
    await other.query('rollback')
    expect(await store.read(instanceKey)).toEqual({ bindingsBusy: false })
  })

  it("neither does a broken connection of the caller's pool end the process", async () => {
    const connectionString = await server.newDatabase()
    const pool = new pg.Pool({ connectionString })
    const store = await postgresStore({ pool, encryptionKey })
    const other = new pg.Client({ connectionString })
    await other.connect()
    closing.push(
      () => other.end(),
      () => pool.end(),
      () => store.close(),
    )
    const others =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
    await other.query(others)
    expect(await store.read(instanceKey)).toEqual({ bindingsBusy: false })
    await store.close()
    expect(pool.listenerCount('error')).toBe(0)
  })

  it('a broker answers 500 while the database is gone, reports why, and goes on when it is back', async () => {
    const store = await open()
    const reported: unknown[] = []
    const plans = [definePlan({ id: 'p', name: 'small', description: 'Small' })]
    const functions = { provision: async () => {}, deprovision: async () => {} }
    const broker = createBroker({
      offerings: [
        defineOffering({ id: 's', name: 'mysql', description: 'MySQL', bindable: false, plans, ...functions }),
      ],
      auth: noAuth(),
      store,
      onError: (error) => void reported.push(error),
    })
    closing.push(() => broker.close())
    const provision = async () => {
      const body = JSON.stringify({ service_id: 's', plan_id: 'p', organization_guid: 'o', space_guid: 's' })
      const headers = { 'Content-Type': 'application/json', 'X-Broker-API-Version': '2.17' }
      const url = 'http://broker.test/v2/service_instances/i'
      const response = await broker.fetch(new Request(url, { method: 'PUT', headers, body }))
      return { status: response.status, text: await response.text() }
    }
    proxy.refuse()
    const { status, text } = await provision()
    expect(status).toBe(500)
    expect(text).not.toMatch(/Postgre|reached/)
    expect(reported).toContainEqual(expect.objectContaining(lost))
    proxy.heal()
    expect((await provision()).status).toBe(201)
  })

  it('takes connection string and password as secrets, which no error and no log shows', async () => {
    const url = new URL(await server.newDatabase())
    url.password = 'hunter2'
    const store = await postgresStore({ connectionString: secret(url.href), encryptionKey })
    expect(await store.read(instanceKey)).toEqual({ bindingsBusy: false })
    await store.close()
    url.password = ''
    const options = { connectionString: secret(url.href), password: secret('hunter2'), encryptionKey }
    const apart = await postgresStore(options)
    expect(await apart.read(instanceKey)).toEqual({ bindingsBusy: false })
    await apart.close()
    expect(inspect(options)).not.toContain('hunter2')
    const noUrl = postgresStore({ ...options, connectionString: 'host=/tmp password=hunter2' })
    await expect(noUrl).rejects.toMatchObject({ code: 'CANNOT_OPEN', message: expect.not.stringContaining('hunter2') })
    const empty = postgresStore({ connectionString: process.env['NO_SUCH_VARIABLE'] as string, encryptionKey })
    await expect(empty).rejects.toMatchObject({
      code: 'CANNOT_OPEN',
      message: expect.stringContaining('connectionString'),
    })
  })

  it.each(['plain', 'a b/c@d:e%f?g#h', 'pässwörd'])('gives pg the password %s as it is', (password) => {
    const connectionString = toConnectionString({ connectionString: 'postgres://u@h/d', password: secret(password) })
    expect(new pg.Client({ connectionString }).password).toBe(password)
  })

  it('asks for TLS when told to, and is refused by a server that has none', async () => {
    const connectionString = await server.newDatabase()
    for (const ssl of [true, { rejectUnauthorized: false }]) {
      const refused = postgresStore({ connectionString, encryptionKey, ssl })
      await expect(refused).rejects.toMatchObject({
        code: 'CANNOT_OPEN',
        message: expect.stringContaining('does not support SSL'),
      })
    }
  })

  it('refuses to open without a key', async () => {
    const connectionString = await server.newDatabase()
    const options = { connectionString } as PostgresStoreOptions
    await expect(postgresStore(options)).rejects.toMatchObject({ code: 'INVALID_KEY' })
  })
})
