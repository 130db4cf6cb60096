// An app as its author writes it: finds its services by tag, uses each with its driver, and prints what it read back.
import { Redis } from 'ioredis'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { readVcapServices, type BoundService } from 'vcap-services'
import {
  readMysql,
  readPostgres,
  readRedis,
  toIoredisOptions,
  toMysql2Options,
  toPgOptions,
} from 'vcap-services/readers'

const timeoutMs = 20_000
const message = 'written and read'

async function usePostgres(service: BoundService): Promise<unknown> {
  const options = { ...toPgOptions(readPostgres(service)), connectionTimeoutMillis: timeoutMs }
  const client = new pg.Client(options)
  await client.connect()
  try {
    await client.query('create temporary table notes (note text)')
    await client.query('insert into notes values ($1)', [message])
    return (await client.query<{ note: string }>('select note from notes')).rows[0]?.note
  } finally {
    await client.end()
  }
}

async function useMysql(service: BoundService): Promise<unknown> {
  const connection = await createConnection({ ...toMysql2Options(readMysql(service)), connectTimeout: timeoutMs })
  try {
    await connection.query('create temporary table notes (note text)')
    await connection.query('insert into notes values (?)', [message])
    const [rows] = await connection.query('select note from notes')
    return (rows as { note: string }[])[0]?.note
  } finally {
    await connection.end()
  }
}

async function useRedis(service: BoundService): Promise<unknown> {
  const client = new Redis({
    ...toIoredisOptions(readRedis(service)),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 1,
  })
  await client.connect()
  try {
    await client.set('note', message, 'EX', 60)
    return await client.get('note')
  } finally {
    client.disconnect()
  }
}

const uses = { postgresql: usePostgres, mysql: useMysql, redis: useRedis }

const services = readVcapServices()
const results: Record<string, unknown> = {}
for (const [tag, use] of Object.entries(uses)) {
  const service = services.find({ tag })
  if (service !== undefined) results[tag] = await use(service)
}
console.log(JSON.stringify(results))
