import type { ConnectionOptions } from 'node:tls'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { isSecret, revealed, type Secret } from '../secret.js'
import { StoreError } from './store-error.js'

/** How a store makes a pool of its own. */
export interface PostgresConnection {
  /** Where the database is, such as `postgres://user:password@host/database`. */
  readonly connectionString: string | Secret
  /** The user's password, where it is kept apart from the rest. */
  readonly password?: string | Secret | undefined
  /**
   * TLS, as Node's `tls.connect` takes it, such as `{ ca }`; `true` checks by the authorities that Node knows. Default:
   * what the `sslmode` of the connection string says, else none.
   */
  readonly ssl?: boolean | ConnectionOptions | undefined
  /** Most connections of the pool. Default: 10. */
  readonly maximumConnections?: number | undefined
  /** How long a connection may take to be made, or to become free. Default: 10,000. */
  readonly connectTimeoutMs?: number | undefined
  /** After which a statement is ended by the server, or given up if no answer comes at all. Default: 30,000. */
  readonly statementTimeoutMs?: number | undefined
}

type Pg = typeof import('pg')

/** For the answer that a statement was ended to arrive, before the connection counts as dead. */
const answerGraceMs = 2_000
const connectPausesMs = [100, 400]

/** @throws StoreError `DRIVER_MISSING`, or `CANNOT_OPEN` for a connection string that is none */
export async function openPool(connection: PostgresConnection): Promise<PostgresPool> {
  const { ssl, maximumConnections = 10, connectTimeoutMs = 10_000, statementTimeoutMs = 30_000 } = connection
  const connectionString = toConnectionString(connection)
  const { Pool } = (await loadPg()).default
  return new Pool({
    connectionString,
    ...(ssl === undefined ? {} : { ssl }),
    max: maximumConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerGraceMs,
    keepAlive: true,
  })
}

/** With the password, if it is given apart. @throws StoreError `CANNOT_OPEN` */
export function toConnectionString({ connectionString, password }: PostgresConnection): string {
  const text: unknown = isSecret(connectionString) ? connectionString.reveal() : connectionString
  // pg would take an empty one for the defaults of its environment.
  if (typeof text !== 'string' || text === '') throw noConnection('must be a text that is not empty')
  if (password === undefined) return text
  try {
    const url = new URL(text)
    url.password = encodeURIComponent(revealed(password))
    return url.href
  } catch {
    // The error of URL would show the text, which may have a password.
    throw noConnection('must be a URL when the password is given apart')
  }
}

function noConnection(problem: string): StoreError {
  return new StoreError('CANNOT_OPEN', `cannot open the PostgreSQL database: connectionString ${problem}`)
}

async function loadPg(): Promise<{ default: Pg }> {
  try {
    return (await import('pg')) as unknown as { default: Pg }
  } catch (error) {
    throw new StoreError('DRIVER_MISSING', 'postgresStore needs the package pg: npm install pg', error)
  }
}

interface Emitter {
  on?(event: 'error', listener: () => void): unknown
  off?(event: 'error', listener: () => void): unknown
}

const ignore = () => undefined

/**
 * The pool as the store uses it: connections that break end no process and are not used again, and what could not be
 * sent for want of one is tried again.
 * @returns the pool, and how to leave it as it was
 */
export function sturdyPool(pool: PostgresPool): { readonly pool: PostgresPool; detach(): void } {
  // A connection that breaks while nobody uses it; without a listener that would be an uncaught error.
  const emitter = pool as Emitter
  emitter.on?.('error', ignore)
  const sturdy: PostgresPool = {
    connect: async () => sturdyClient(await connect(pool)),
    end: () => pool.end(),
  }
  return { pool: sturdy, detach: () => emitter.off?.('error', ignore) }
}

async function connect(pool: PostgresPool): Promise<PostgresPoolClient> {
  for (const pauseMs of connectPausesMs) {
    try {
      return await pool.connect()
    } catch (error) {
      if (!isLost(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  try {
    return await pool.connect()
  } catch (error) {
    throw isLost(error) ? unreachable(error) : error
  }
}

function sturdyClient(client: PostgresPoolClient): PostgresPoolClient {
  const emitter = client as Emitter
  emitter.on?.('error', ignore)
  let broken = false
  const query = async (sql: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(sql, parameters)
    } catch (error) {
      // The server has said nothing, so nobody knows what the connection is about now.
      broken ||= !isAnswer(error) || isLost(error)
      throw isLost(error) ? unreachable(error) : error
    }
  }
  const release = (destroy = false) => {
    emitter.off?.('error', ignore)
    client.release(broken || destroy)
  }
  return { query, release } as unknown as PostgresPoolClient
}

/** Whether an error is an answer of the server, which has a code of five characters. */
function isAnswer(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)
}

const lostCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])
const lostMessages = /Connection terminated|connection error|Connection ended|not queryable/i

/** Whether the connection was lost or could not be made: class 08, 57P01 to 57P03, and what has no code. */
function isLost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return lostCodes.has(code) || /^(08...|57P0[123])$/.test(code)
  return typeof message === 'string' && lostMessages.test(message)
}

function unreachable(cause: unknown): StoreError {
  return new StoreError('UNREACHABLE', 'the PostgreSQL database cannot be reached, or the connection was lost', cause)
}
