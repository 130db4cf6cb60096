import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { createCellCipher, type EncryptionOptions } from './encryption.js'
import { openPool, type PostgresConnection, sturdyPool } from './postgres-pool.js'
import { checkKeys } from './sql/check-keys.js'
import { migrate } from './sql/migrate.js'
import { numbersPlugin } from './sql/numbers-plugin.js'
import type { EncryptedStore } from './sql/rekey.js'
import { postgresEngine } from './sql/sql-engine.js'
import { sqlStore } from './sql/sql-store.js'
import type { Tables } from './sql/tables.js'
import { isStoreError, StoreError } from './store-error.js'

export type PostgresStoreOptions = EncryptionOptions &
  (
    | {
        /** A pool of the package `pg`. It stays the caller's: closing the store leaves it open. */
        readonly pool: PostgresPool
      }
    | PostgresConnection
  )

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
  const own = !('pool' in options)
  const { pool, detach } = sturdyPool(own ? await openPool(options) : options.pool)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [numbersPlugin] })
  // The pool of the caller is not ended with the store, so Kysely must not end it.
  const close = async () => {
    if (own) await db.destroy()
    detach()
  }
  try {
    await migrate(db, postgresEngine)
    await checkKeys(db, cipher)
  } catch (error) {
    await close()
    const lost = isStoreError(error) && error.code === 'UNREACHABLE'
    throw isStoreError(error) && !lost ? error : cannotOpen(lost ? error.cause : error)
  }
  return sqlStore({ db, engine: postgresEngine, cipher, close })
}

/** The reason of the database, such as a refused login, without the connection string. */
function cannotOpen(cause: unknown): StoreError {
  const { code, message } = cause as { code?: unknown; message?: unknown }
  const reason = [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ')
  return new StoreError('CANNOT_OPEN', `cannot open the PostgreSQL database: ${reason}`, cause)
}
