import fc from 'fast-check'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import nodemailer from 'nodemailer'
import pg from 'pg'
import { parse as parsePg } from 'pg-connection-string'
import { describe, expect, it } from 'vitest'
import { createRequire } from 'node:module'
import {
  readMongodb,
  readMysql,
  readPostgres,
  readRedis,
  readSmtp,
  toIoredisOptions,
  toMongodbOptions,
  toMongodbUrl,
  toMysql2Options,
  toMysqlUrl,
  toNodemailerOptions,
  toPgOptions,
  toPostgresUrl,
  toRedisUrl,
  toSmtpUrl,
} from '../readers.js'

// What mysql2 makes of its options is not exported; this is the file that its `createConnection` uses.
const { ConnectionConfig, parseUrl } = loadMysql2()

function loadMysql2() {
  const require = createRequire(import.meta.url)
  const Config = require(`${require.resolve('mysql2').replace(/[^/\\]+$/, '')}lib/connection_config.js`) as {
    new (options: object | string): Record<string, unknown>
    parseUrl(url: string): object
  }
  return { ConnectionConfig: Config, parseUrl: (url: string) => Config.parseUrl(url) }
}

const nasty = fc.constantFrom('p%40@:/?#[]&=+ ;"\'\\', '100%', '%zz', 'ü€🗄', '{"a":1}', '@@', 'a b', '%2F')
const secret = fc.oneof(
  nasty,
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
)
// Readers trim names, as no driver and no server takes a name with spaces around it.
const name = secret.map((text) => text.trim()).filter((text) => text !== '')
const password = secret.filter((text) => text.trim() !== '')
const host = fc.constantFrom('db.example.com', '10.0.0.7', '::1', 'fe80::1')
const port = fc.integer({ min: 1, max: 65_535 })
const login = fc.record({ hostname: host, port: fc.oneof(port, port.map(String)), username: name, password })
const database = fc.record({ database: name })
const isTls = fc.boolean().map((ssl) => ({ ssl }))
const credentials = fc.tuple(login, database, isTls).map(([...parts]) => Object.assign({}, ...parts) as Given)

interface Given {
  readonly hostname: string
  readonly port: number | string
  readonly username: string
  readonly password: string
  readonly database: string
  readonly ssl: boolean
}

const check = (property: (given: Given) => void) => fc.assert(fc.property(credentials, property), { numRuns: 300 })
const isLostInUrl = (dbName: string) => dbName === '.' || dbName === '..'
/** URLs write IPv6 addresses in brackets, which drivers leave there or not. */
const bare = (text: unknown) => String(text).replaceAll(/^\[|\]$/g, '')

describe('any login arrives in the driver as it is', () => {
  it('mysql2, by options and by URL', () => {
    check(({ database: dbName, ...rest }) => {
      // The other names are refused, which the test of the URLs shows.
      const given = { ...rest, database: isLostInUrl(dbName) ? '_' : dbName }
      const service = readMysql({ credentials: { ...given } })
      const expected = {
        port: Number(given.port),
        user: given.username,
        password: given.password,
        database: given.database,
      }
      const byOptions = new ConnectionConfig(toMysql2Options(service))
      expect(byOptions).toMatchObject({ ...expected, host: given.hostname })
      expect(Boolean(byOptions.ssl)).toBe(given.ssl)
      const byUrl = new ConnectionConfig(toMysqlUrl(service))
      expect({ ...byUrl, host: bare(byUrl.host) }).toMatchObject({ ...expected, host: given.hostname })
      expect(Boolean(byUrl.ssl)).toBe(given.ssl)
      expect(parseUrl(toMysqlUrl(service))).toHaveProperty('password', given.password)
    })
  })

  it.each([
    ['.', toMysqlUrl, readMysql, 'toMysql2Options'],
    ['..', toMysqlUrl, readMysql, 'toMysql2Options'],
    ['.', toPostgresUrl, readPostgres, 'toPgOptions'],
    ['..', toPostgresUrl, readPostgres, 'toPgOptions'],
  ])('a database named %s, which would be lost in a URL, is refused by %o', (dbName, toUrl, read, instead) => {
    const service = read({
      credentials: { hostname: 'db.example.com', username: 'u', password: 'p', database: dbName },
    })
    expect(() => toUrl(service)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        message: `no URL can say a database named . or ..: use ${instead}`,
        issues: [{ path: '/database', found: 'a name that is lost in a URL' }],
      }),
    )
  })

  it('pg, by options and by connection string', () => {
    check((given) => {
      // A URL cannot say these to pg, which its documentation here says.
      const dbName = given.database.replaceAll(/[?#.]/g, '_')
      const service = readPostgres({ credentials: { ...given, database: dbName } })
      const expected = { port: Number(given.port), user: given.username, database: dbName }
      for (const options of [toPgOptions(service), { connectionString: toPostgresUrl(service) }]) {
        const { connectionParameters } = new pg.Client(options) as unknown as {
          connectionParameters: Record<string, unknown>
        }
        expect({ ...connectionParameters, host: bare(connectionParameters.host) }).toMatchObject({
          ...expected,
          host: given.hostname,
        })
        expect(connectionParameters.password).toBe(given.password)
        expect(Boolean(connectionParameters.ssl)).toBe(given.ssl)
      }
      expect(parsePg(toPostgresUrl(service)).password).toBe(given.password)
    })
  })

  it('ioredis, by options and by URL', () => {
    check((given) => {
      const service = readRedis({ credentials: { ...given, database: '7' } })
      const expected = { port: Number(given.port), username: given.username, password: given.password, db: 7 }
      for (const client of [
        new Redis({ ...toIoredisOptions(service), lazyConnect: true }),
        new Redis(toRedisUrl(service), { lazyConnect: true }),
      ]) {
        expect({ ...client.options, host: bare(client.options.host) }).toMatchObject({
          ...expected,
          host: given.hostname,
        })
        expect(Boolean(client.options.tls)).toBe(given.ssl)
      }
    })
  })

  it('mongodb, by options and by URL', () => {
    check((given) => {
      // A database of MongoDB has no such characters in its name.
      const dbName = given.database.replaceAll(/[/\\. "$*<>:|?\0]/g, '_')
      const service = readMongodb({ credentials: { ...given, database: dbName, replicaset: 'rs 0' } })
      const { url, options } = toMongodbOptions(service)
      for (const client of [new MongoClient(url, options), new MongoClient(toMongodbUrl(service))]) {
        const { hosts, credentials: found, dbName: foundName, tls, replicaSet } = client.options
        expect(hosts.map((address) => [bare(address.host), address.port])).toEqual([
          [given.hostname, Number(given.port)],
        ])
        expect(found).toMatchObject({ username: given.username, password: given.password, source: dbName })
        expect([foundName, Boolean(tls), replicaSet]).toEqual([dbName, given.ssl, 'rs 0'])
      }
    })
  })

  it('nodemailer, by options and by URL', () => {
    check((given) => {
      const service = readSmtp({ credentials: { ...given } })
      const auth = { user: given.username, pass: given.password }
      for (const transport of [
        nodemailer.createTransport(toNodemailerOptions(service)),
        nodemailer.createTransport(toSmtpUrl(service)),
      ]) {
        const { options } = transport.transporter as unknown as { options: Record<string, unknown> }
        expect({ ...options, host: bare(options.host) }).toMatchObject({ port: Number(given.port), auth })
        expect(bare(options.host)).toBe(given.hostname)
        expect(Boolean(options.secure) || Boolean(options.requireTLS)).toBe(given.ssl || Number(given.port) === 465)
      }
    })
  })
})
