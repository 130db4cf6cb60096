import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reconnectLoop } from '../../../test/support/reconnect-loop.js'
import { testImage, whyNoImage } from '../../../test/support/test-image.js'
import { descriptionOf, testInstance } from '../../../test/support/test-instance.js'
import { dockerEngine } from '../../engine/docker/docker-engine.js'
import { mariadbRecipe, mysqlRecipe } from './mysql-recipe.js'

interface Credentials {
  readonly uri: string
  readonly username: string
  readonly database: string
}

/** On MySQL where `OSB_TEST_MYSQL_IMAGE` names an image: Debian has none to make one of. */
const flavours =
  process.env['OSB_TEST_MYSQL_IMAGE'] === undefined ? (['mariadb'] as const) : (['mariadb', 'mysql'] as const)
const plans = {
  small: { storageMb: 16, memoryMb: 384, cpus: 1, pids: 128, connections: 20, connectionsPerBinding: 3 },
  large: { memoryMb: 512, cpus: 2, pids: 128, connections: 40, connectionsPerBinding: 6 },
  broken: { memoryMb: 512, pids: 3 },
}
const engine = dockerEngine()
const connections: Connection[] = []

async function connect({ uri }: Credentials): Promise<Connection> {
  const connection = await createConnection({ uri, connectTimeout: 10_000, multipleStatements: true })
  connection.on('error', () => {})
  connections.push(connection)
  return connection
}

async function query(credentials: Credentials, text: string): Promise<unknown> {
  const connection = await connect(credentials)
  try {
    return (await connection.query(text))[0]
  } finally {
    await connection.end()
  }
}

describe.each(flavours)('the %s recipe on a Docker engine', { timeout: 180_000 }, (flavour) => {
  const recipe = { mariadb: mariadbRecipe, mysql: mysqlRecipe }[flavour]({ image: testImage(flavour), plans })
  const instance = testInstance(recipe, engine, 'small')
  let reason: string | undefined

  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    reason = await whyNoImage(flavour)
    if (reason === undefined) await instance.provision()
  }, 180_000)
  afterAll(async () => {
    if (reason !== undefined) return
    for (const connection of connections) connection.destroy()
    await instance.deprovision()
  }, 120_000)

  it('tunes the server to its plan', async () => {
    const one = await instance.bind<Credentials>('tuned')
    const sizes = 'SELECT @@innodb_buffer_pool_size / 1048576 AS mb, @@max_connections AS n'
    expect(await query(one, sizes)).toEqual([{ mb: '192.0000', n: 20 }])
    const open = [await connect(one), await connect(one), await connect(one)]
    await expect(connect(one)).rejects.toThrow(/max_user_connections/)
    await Promise.all(open.map((connection) => connection.end()))
  })

  it('lets what one app made outlive its binding, and ends its sessions', async () => {
    const [one, other] = [await instance.bind<Credentials>('one'), await instance.bind<Credentials>('other')]
    const reader = await instance.bind<Credentials>('reader', { read_only: true })
    const session = await connect(one)
    await session.query("CREATE TABLE orders (id int PRIMARY KEY, item text); INSERT INTO orders VALUES (1, 'one')")
    await session.query('CREATE VIEW items AS SELECT item FROM orders')
    await query(other, "INSERT INTO orders VALUES (2, 'two')")
    expect(await query(reader, 'SELECT item FROM items ORDER BY item')).toEqual([{ item: 'one' }, { item: 'two' }])
    await expect(query(reader, "INSERT INTO orders VALUES (3, 'x')")).rejects.toThrow(/denied/)

    const loop = reconnectLoop(() => query(one, 'SELECT 1').then(() => {}))
    await expect.poll(() => loop.counts().successes, { timeout: 10_000 }).toBeGreaterThan(0)
    await instance.unbind('one')
    await sleep(50)
    const { successes } = loop.counts()
    await sleep(500)
    expect((await loop.stop()).successes, 'the loop got in after the unbind').toBe(successes)
    await expect(session.query('SELECT 1')).rejects.toThrow()
    await expect(connect(one), 'a definer is locked').rejects.toThrow(/denied|locked/)
    await instance.unbind('one')

    const later = await instance.bind<Credentials>('later')
    for (const [id, app] of [
      [10, other],
      [11, later],
    ] as const) {
      expect(await query(app, 'SELECT COUNT(*) AS n FROM items WHERE item <> "x"')).toEqual([{ n: 2 }])
      await query(app, `INSERT INTO orders (id, item) VALUES (${id}, 'x'); ALTER TABLE orders ADD COLUMN c${id} int`)
    }
    await query(later, 'CREATE TABLE things (id int); INSERT INTO things VALUES (7)')
    expect(await query(reader, 'SELECT id FROM things'), 'made after the reader').toEqual([{ id: 7 }])
    await query(other, 'DROP VIEW items; DROP TABLE orders')
    await instance.unbind('later')
    await expect(connect(later), 'who defined nothing is dropped').rejects.toThrow(/denied/)
  })

  it.each([
    ["CREATE USER another IDENTIFIED BY 'x'", /denied/],
    ["ALTER USER 'osbadmin'@'localhost' IDENTIFIED BY 'x'", /denied/],
    ['CREATE DATABASE another', /denied/],
    ["GRANT SELECT ON {database}.* TO '{other}'@'%'", /denied/],
    ["SELECT LOAD_FILE('/run/secrets/client.cnf')", null],
    ["SELECT 1 INTO OUTFILE '/data/x'", /denied/],
    [flavour === 'mariadb' ? 'SELECT * FROM mysql.global_priv' : 'SELECT * FROM mysql.user', /denied/],
  ])('a bound user may not: %s', async (text, refusal) => {
    const [one, other] = [await instance.bind<Credentials>('bound'), await instance.bind<Credentials>('other')]
    const statement = text.replace('{database}', one.database).replace('{other}', other.username)
    if (refusal) await expect(query(one, statement)).rejects.toThrow(refusal)
    else expect(Object.values(((await query(one, statement)) as object[])[0] ?? {})).toEqual([null])
  })

  it('refuses logins that nobody was given', async () => {
    const one = await instance.bind<Credentials>('bound')
    for (const login of ['root:', 'osbadmin:', ':', `osbadmin:${instance.state()?.secrets['admin']}`]) {
      await expect(connect({ ...one, uri: one.uri.replace(/\/\/[^@]+/, `//${login}`) })).rejects.toThrow(/denied/)
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
    const [one, reader] = [
      await instance.bind<Credentials>('storing'),
      await instance.bind<Credentials>('reading', { read_only: true }),
    ]
    const session = await connect(one)
    await session.query('CREATE TABLE big (id int, text text)')
    const numbers = '(WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i FROM n)'
    await session.query(
      `INSERT INTO big SELECT a.i * 1000 + b.i, REPEAT(MD5(a.i * 1000 + b.i), 40) FROM ${numbers} a, ${numbers} b WHERE b.i <= 100`,
    )
    expect(await instance.holdStorage()).toMatchObject([{ restricted: true, boundBytes: 16 * 1024 * 1024 }])
    await expect(session.query('SELECT 1'), 'sessions end').rejects.toThrow()
    expect(await query(one, 'SELECT COUNT(*) AS n FROM big')).toEqual([{ n: 20_000 }])
    for (const text of ["INSERT INTO big VALUES (0, 'x')", "UPDATE big SET text = 'x'", 'CREATE TABLE more (id int)']) {
      await expect(query(one, text), text).rejects.toThrow(/denied/)
    }
    await query(one, 'DELETE FROM big')
    await expect.poll(() => instance.holdStorage(), { timeout: 20_000 }).toMatchObject([{ restricted: false }])
    await query(one, "INSERT INTO big VALUES (0, 'x')")
    await expect(query(reader, "INSERT INTO big VALUES (0, 'x')")).rejects.toThrow(/denied/)
    await query(one, 'DROP TABLE big')
  })

  it('changes its plan with its data, and comes back from a plan that does not work', async () => {
    const one = await instance.bind<Credentials>('moved')
    await query(one, 'CREATE TABLE moved (id int); INSERT INTO moved VALUES (9)')
    await instance.update('large')
    expect(await query(one, 'SELECT id FROM moved')).toEqual([{ id: 9 }])
    expect(await query(one, 'SELECT @@max_connections AS n')).toEqual([{ n: 40 }])
    expect(await descriptionOf(instance.update('broken'))).toMatch(/ended while it started|not ready|Docker/)
    expect(await query(one, 'SELECT id FROM moved')).toEqual([{ id: 9 }])
    expect(await query(one, 'SELECT @@max_connections AS n')).toEqual([{ n: 40 }])
    const later = await instance.bind<Credentials>('later')
    await query(later, 'INSERT INTO moved VALUES (10)')
  })
})
