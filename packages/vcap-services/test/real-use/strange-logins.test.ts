import { afterAll, expect, it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { startRedis, whyNoRedis } from './redis-server.js'
import { runApp } from './run-app.js'

const servers: { stop(): Promise<void> }[] = []
afterAll(async () => {
  for (const server of servers) await server.stop()
}, 120_000)

// A login that each careless way to build a URL breaks on.
const username = 'o.brien@shop/eu'
const password = 'p%40@:/?#[]&=+ ;"\'\\ü'

const encoded = (text: string) => encodeURIComponent(text)

it('an app reaches a PostgreSQL with a password, by fields and by a URI', { timeout: 240_000 }, async (context) => {
  const reason = whyNoPostgres()
  if (reason !== undefined) context.skip(reason)
  const server = await startPostgres(username, password)
  servers.push(server)
  const fields = { hostname: '127.0.0.1', port: String(server.port), username, password, dbname: 'postgres' }
  const uri = `postgres://${encoded(username)}:${encoded(password)}@127.0.0.1:${server.port}/postgres?sslmode=disable`
  for (const credentials of [fields, { uri }]) {
    expect(await runApp([{ offering: 'postgresql', credentials }])).toEqual({ postgresql: 'written and read' })
  }
})

it('an app reaches a Redis with a password, by fields and by a URI', { timeout: 240_000 }, async (context) => {
  const reason = whyNoRedis()
  if (reason !== undefined) context.skip(reason)
  const server = await startRedis(password)
  servers.push(server)
  const uri = `redis://:${encoded(password)}@127.0.0.1:${server.port}`
  for (const credentials of [{ host: '127.0.0.1', port: server.port, password }, { uri }]) {
    expect(await runApp([{ offering: 'redis', credentials }])).toEqual({ redis: 'written and read' })
  }
})
