import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { createCellCipher, type EncryptionOptions } from './encryption.js'
import { checkKeys } from './sql/check-keys.js'
import { migrate } from './sql/migrate.js'
import { numbersPlugin } from './sql/numbers-plugin.js'
import type { EncryptedStore } from './sql/rekey.js'
import { postgresEngine } from './sql/sql-engine.js'
import { sqlStore } from './sql/sql-store.js'
import type { Tables } from './sql/tables.js'
import { StoreError } from './store-error.js'

export type PostgresStoreOptions = EncryptionOptions &
  (
    | {
        /** A pool of the package `pg`. It stays the caller's: closing the store leaves it open. */
        readonly pool: PostgresPool
      }
    | {
        /** Where the database is, such as `postgres://user:password@host/database`; the store makes a pool of its own. */
        readonly connectionString: string
        /** Most connections of that pool. Default: 10. */
        readonly maximumConnections?: number
      }
  )

type Pg = typeof import('pg')

const connectTimeoutMs = 10_000
const statementTimeoutMs = 30_000

/**
 * Opens a store in a PostgreSQL database (12 or newer) that several broker processes can share. Brings its tables up to
 * date; replicas may do that at the same time. Secrets are encrypted (AES-256-GCM). Needs the package `pg`.
 * @throws StoreError `DRIVER_MISSING`, `CANNOT_OPEN`, `NEWER_SCHEMA`, `INVALID_KEY` or `WRONG_KEY`
 * @example
 * import { postgresStore } from 'osb-server/postgres'
 *
 * const store = await postgresStore({ connectionString: process.env.DATABASE_URL, encryptionKey })
 * const broker = createBroker({ offerings, auth, store })
 */
export async function postgresStore(options: PostgresStoreOptions): Promise<EncryptedStore> {
  const cipher = createCellCipher(options)
  const pool = 'pool' in options ? options.pool : await openPool(options)
  const own = !('pool' in options)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [numbersPlugin] })
  // The pool of the caller is not ended with the store, so Kysely must not end it.
  const close = async () => (own ? db.destroy() : undefined)
  try {
    await migrate(db, postgresEngine)
    await checkKeys(db, cipher)
  } catch (error) {
    await close()
    throw error instanceof StoreError ? error : cannotOpen(error)
  }
  return sqlStore({ db, engine: postgresEngine, cipher, close })
}

async function openPool({
  connectionString,
  maximumConnections = 10,
}: {
  readonly connectionString: string
  readonly maximumConnections?: number
}): Promise<PostgresPool> {
  const { Pool } = (await loadPg()).default
  const pool = new Pool({
    connectionString,
    max: maximumConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  })
  // A connection that breaks while nobody uses it is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  return pool
}

/** @throws StoreError `DRIVER_MISSING` */
async function loadPg(): Promise<{ default: Pg }> {
  try {
    return (await import('pg')) as unknown as { default: Pg }
  } catch (error) {
    throw new StoreError('DRIVER_MISSING', 'postgresStore needs the package pg: npm install pg', error)
  }
}

/** The reason of the database, such as a refused login, without the connection string. */
function cannotOpen(cause: unknown): StoreError {
  const { code, message } = cause as { code?: unknown; message?: unknown }
  const reason = [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ')
  return new StoreError('CANNOT_OPEN', `cannot open the PostgreSQL database: ${reason}`, cause)
}
