import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reconnectLoop } from '../../../test/support/reconnect-loop.js'
import { testImage, whyNoImage } from '../../../test/support/test-image.js'
import { descriptionOf, testInstance } from '../../../test/support/test-instance.js'
import { dockerEngine } from '../../engine/docker/docker-engine.js'
import { postgresqlRecipe } from './postgresql-recipe.js'

interface Credentials {
  readonly uri: string
  readonly username: string
  readonly database: string
}

const reason = await whyNoImage('postgresql')
const recipe = postgresqlRecipe({
  image: testImage('postgresql'),
  plans: {
    small: { storageMb: 16, memoryMb: 256, cpus: 1, pids: 128, connections: 10, connectionsPerBinding: 3 },
    large: { memoryMb: 512, cpus: 2, pids: 128, connections: 20, connectionsPerBinding: 6 },
    broken: { memoryMb: 512, connections: 300_000 },
  },
})
const engine = dockerEngine()
const instance = testInstance(recipe, engine, 'small')
const clients: pg.Client[] = []

async function connect({ uri }: Credentials): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: uri, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  clients.push(client)
  await client.connect()
  return client
}

async function query(credentials: Credentials, text: string): Promise<Record<string, unknown>[]> {
  const client = await connect(credentials)
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

describe('the postgresql recipe on a Docker engine', { timeout: 180_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason === undefined) await instance.provision()
  }, 180_000)
  afterAll(async () => {
    if (reason !== undefined) return
    await Promise.allSettled(clients.map((client) => client.end()))
    await instance.deprovision()
  }, 120_000)

  it('tunes the server to its plan', async () => {
    const one = await instance.bind<Credentials>('tuned')
    expect(await query(one, 'SHOW shared_buffers')).toEqual([{ shared_buffers: '64MB' }])
    expect(await query(one, 'SHOW max_connections')).toEqual([{ max_connections: '15' }])
    const open = [await connect(one), await connect(one), await connect(one)]
    await expect(connect(one)).rejects.toThrow(/too many connections for role/)
    await Promise.all(open.map((client) => client.end()))
  })

  it('lets what one app made outlive its binding, and ends its sessions', async () => {
    const [one, other] = [await instance.bind<Credentials>('one'), await instance.bind<Credentials>('other')]
    const reader = await instance.bind<Credentials>('reader', { read_only: true })
    const session = await connect(one)
    await session.query("CREATE TABLE orders (id int PRIMARY KEY, item text); INSERT INTO orders VALUES (1, 'one')")
    await session.query('SET ROLE NONE; CREATE TEMPORARY TABLE own_things (id int); RESET ROLE')
    await query(other, "INSERT INTO orders VALUES (2, 'two')")
    expect(await query(reader, 'SELECT item FROM orders ORDER BY id')).toEqual([{ item: 'one' }, { item: 'two' }])
    await expect(query(reader, "SET TRANSACTION READ WRITE; INSERT INTO orders VALUES (3, 'x')")).rejects.toThrow(
      /permission denied/,
    )

    const loop = reconnectLoop(() => query(one, 'SELECT 1').then(() => {}))
    await expect.poll(() => loop.counts().successes, { timeout: 10_000 }).toBeGreaterThan(0)
    await instance.unbind('one')
    await sleep(50)
    const { successes } = loop.counts()
    await sleep(500)
    expect((await loop.stop()).successes, 'the loop got in after the unbind').toBe(successes)
    await expect(session.query('SELECT 1')).rejects.toThrow()
    await expect(connect(one)).rejects.toThrow(/password authentication failed|does not exist|not permitted to log in/)
    await instance.unbind('one')

    const later = await instance.bind<Credentials>('later')
    for (const [id, app] of [
      [10, other],
      [11, later],
    ] as const) {
      expect(await query(app, 'SELECT count(*)::int AS n FROM orders WHERE id < 3')).toEqual([{ n: 2 }])
      await query(app, `INSERT INTO orders (id, item) VALUES (${id}, 'x'); ALTER TABLE orders ADD COLUMN c${id} int`)
    }
    await query(later, 'CREATE SCHEMA more; CREATE TABLE more.things (id int); INSERT INTO more.things VALUES (7)')
    expect(await query(reader, 'SELECT id FROM more.things'), 'made after the reader').toEqual([{ id: 7 }])
    await query(other, 'DROP TABLE orders')
  })

  it.each([
    ['CREATE ROLE another LOGIN', /permission denied/],
    ["ALTER ROLE osbadmin PASSWORD 'x'", /permission denied|must be superuser/],
    ['CREATE DATABASE another', /permission denied/],
    ["COPY (SELECT 1) TO PROGRAM 'id'", /permission denied|must be superuser/],
    ['GRANT {database}o TO {other}', /must have admin option|permission denied/],
    ["SELECT pg_read_file('/run/secrets/admin')", /permission denied/],
    ['SELECT rolpassword FROM pg_authid', /permission denied/],
  ])('a bound user may not: %s', async (text, refusal) => {
    const [one, other] = [await instance.bind<Credentials>('bound'), await instance.bind<Credentials>('other')]
    const statement = text.replace('{database}', one.database).replace('{other}', other.username)
    const session = await connect(one)
    await expect(session.query(statement)).rejects.toThrow(refusal)
    await session.query('SET ROLE NONE')
    await expect(session.query(statement)).rejects.toThrow(refusal)
    await session.end()
  })

  it('can log in to its own database only', async () => {
    const one = await instance.bind<Credentials>('bound')
    for (const database of ['postgres', 'template1']) {
      const uri = one.uri.replace(/\/[^/]+$/, `/${database}`)
      await expect(connect({ ...one, uri })).rejects.toThrow(/permission denied for database/)
    }
  })

  it('has its port, its logins and its data after the engine restarted the container', async () => {
    const one = await instance.bind<Credentials>('bound')
    await query(one, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (5)')
    await engine.stopContainer(instance.names.container)
    await engine.startContainer(instance.names.container)
    await expect.poll(() => query(one, 'SELECT id FROM kept').catch(String), { timeout: 60_000 }).toEqual([{ id: 5 }])
  })

  it('is held to its storage: over it nobody writes, below it all do again', async () => {
    const one = await instance.bind<Credentials>('storing')
    // What the administrator runs must not find what an application made under a name of PostgreSQL's.
    const trap = 'RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION $t$trapped$t$; END $$'
    await query(one, `CREATE FUNCTION public.format(text, name) ${trap}; CREATE TABLE public.moved (id int)`)
    await query(one, 'CREATE SCHEMA big; CREATE TABLE big.things (id int, text text)')
    const session = await connect(one)
    await session.query('INSERT INTO big.things SELECT n, repeat(md5(n::text), 40) FROM generate_series(1, 20000) n')
    const held = await instance.holdStorage()
    expect(held).toMatchObject([{ restricted: true, boundBytes: 16 * 1024 * 1024 }])
    await expect(session.query('SELECT 1'), 'sessions end').rejects.toThrow()
    expect(await query(one, 'SELECT count(*)::int AS n FROM big.things')).toEqual([{ n: 20_000 }])
    for (const text of [
      "INSERT INTO big.things VALUES (0, 'x')",
      "UPDATE big.things SET text = 'x'",
      'CREATE TABLE big.more (id int)',
      'SET ROLE {database}o',
      "GRANT INSERT ON big.things TO CURRENT_USER; INSERT INTO big.things VALUES (0, 'x')",
    ]) {
      const statement = text.replace('{database}', one.database)
      await expect(query(one, statement), statement).rejects.toThrow(/permission denied/)
    }
    const late = await instance.bind<Credentials>('late')
    expect(await instance.holdStorage()).toMatchObject([{ restricted: true }])
    await expect(query(late, "INSERT INTO big.things VALUES (0, 'x')")).rejects.toThrow(/permission denied/)
    await query(one, 'DELETE FROM big.things')
    await expect.poll(() => instance.holdStorage(), { timeout: 20_000 }).toMatchObject([{ restricted: false }])
    await query(
      one,
      "INSERT INTO big.things VALUES (0, 'x'); DROP SCHEMA big CASCADE; DROP FUNCTION public.format; DROP TABLE public.moved",
    )
  })

  it('binds and unbinds side by side, though each unbind changes the rights on the same tables', async () => {
    const maker = await connect(await instance.bind<Credentials>('maker'))
    for (let table = 0; table < 30; table++) await maker.query(`CREATE TABLE raced_${table} (id int)`)
    const names = (round: number) => [1, 2, 3, 4, 5, 6].map((number) => `racing-${round}-${number}`)
    const bind = (round: number) => Promise.all(names(round).map((name) => instance.bind<Credentials>(name)))
    let bound = await bind(0)
    for (let round = 1; round <= 3; round++) {
      const [next] = await Promise.all([bind(round), ...names(round - 1).map((name) => instance.unbind(name))])
      for (const credentials of bound) await expect(connect(credentials)).rejects.toThrow()
      bound = next
    }
    for (const credentials of bound) await (await connect(credentials)).query('SELECT * FROM raced_7')
    for (let table = 0; table < 30; table++) await maker.query(`DROP TABLE raced_${table}`)
  })

  it('changes its plan with its data, and comes back from a plan that does not work', async () => {
    const one = await instance.bind<Credentials>('moved')
    await query(one, 'CREATE TABLE moved (id int); INSERT INTO moved VALUES (9)')
    await instance.update('large')
    expect(await query(one, 'SELECT id FROM moved')).toEqual([{ id: 9 }])
    expect(await query(one, 'SHOW shared_buffers')).toEqual([{ shared_buffers: '128MB' }])
    expect(await descriptionOf(instance.update('broken'))).toMatch(/ended while it started.*max_connections/)
    expect(await query(one, 'SELECT id FROM moved')).toEqual([{ id: 9 }])
    expect(await query(one, 'SHOW max_connections')).toEqual([{ max_connections: '25' }])
    const later = await instance.bind<Credentials>('later')
    await query(later, 'INSERT INTO moved VALUES (10)')
  })
})
