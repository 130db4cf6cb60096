import { closeSync, openSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import { createCellCipher, type EncryptionOptions } from './encryption.js'
import { checkKeys } from './sql/check-keys.js'
import { endAllLeases } from './sql/lease-queries.js'
import { migrate } from './sql/migrate.js'
import type { EncryptedStore } from './sql/rekey.js'
import { sqliteEngine } from './sql/sql-engine.js'
import { sqlStore } from './sql/sql-store.js'
import type { Tables } from './sql/tables.js'
import { StoreError } from './store-error.js'

export interface SqliteStoreOptions extends EncryptionOptions {
  /**
   * The database file, in a folder that exists; made when absent. SQLite keeps `<file>-wal` and `<file>-shm` beside it
   * while it is open; the empty `<file>-lock` keeps other processes out: do not remove it while a broker runs.
   */
  readonly file: string
}

type Libsql = typeof import('libsql')
type Connection = InstanceType<Libsql>

/** Connections that hold locks, so that none is collected, and its lock lost, while nobody happens to refer to its store. */
const held = new Set<Connection>()

/** How long a statement waits for a tool, such as a backup, that has the file locked. */
const busyTimeoutMs = 5_000

/**
 * Opens a store in an SQLite file. Every write is on disk before it is answered, so it survives a crash and a power cut.
 * Secrets are encrypted (AES-256-GCM). One process uses a file at a time: operations that an earlier one left behind
 * can be claimed at once. Needs the package `libsql`.
 * @throws StoreError `IN_USE`, `DRIVER_MISSING`, `CANNOT_OPEN`, `NEWER_SCHEMA`, `INVALID_KEY` or `WRONG_KEY`
 * @example
 * import { sqliteStore } from 'osb-server/sqlite'
 *
 * const store = await sqliteStore({ file: 'broker.db', encryptionKey: process.env.BROKER_ENCRYPTION_KEY ?? '' })
 * const broker = createBroker({ offerings, auth, store })
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<EncryptedStore> {
  const cipher = createCellCipher(options)
  const libsql = await loadLibsql()
  const file = toRealPath(options.file)
  const unlock = lockFile(libsql, file)
  try {
    const connection = openFile(libsql, file)
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) })
    try {
      await migrate(db, sqliteEngine)
      await checkKeys(db, cipher)
      await endAllLeases(db, sqliteEngine).execute()
    } catch (error) {
      await db.destroy()
      throw error
    }
    const close = async () => {
      connection.pragma('wal_checkpoint(TRUNCATE)')
      await db.destroy()
      unlock()
    }
    return sqlStore({ db, engine: sqliteEngine, cipher, close })
  } catch (error) {
    unlock()
    throw error
  }
}

/** @throws StoreError `DRIVER_MISSING` */
export async function loadLibsql(load: () => Promise<{ default: Libsql }> = () => import('libsql')): Promise<Libsql> {
  try {
    return (await load()).default
  } catch (error) {
    const text = 'sqliteStore needs the package libsql, with its optional dependencies: npm install libsql'
    throw new StoreError('DRIVER_MISSING', text, error)
  }
}

/** The path without links, so that all paths to a file lead to one lock. */
function toRealPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return join(
      opening(file, () => realpathSync(dirname(file))),
      basename(file),
    )
  }
}

/**
 * Keeps other processes out as long as the connection is open. The system ends the lock with the process, however that
 * ends. It is on a file of its own so that the database can be read and backed up meanwhile.
 */
function lockFile(libsql: Libsql, file: string): () => void {
  const connection = opening(file, () => new libsql(`${file}-lock`))
  try {
    // Nothing is ever written: without a journal there is no file to leave behind.
    connection.exec('pragma journal_mode = memory')
    connection.exec('begin exclusive')
    held.add(connection)
    return () => {
      held.delete(connection)
      // libsql really closes only when its statements are collected; the lock must not wait for that.
      connection.exec('rollback')
      connection.close()
    }
  } catch (error) {
    connection.close()
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') {
      const text = `${file} is in use by another broker process, or by another store of this one; one at a time can use it`
      throw new StoreError('IN_USE', text, error)
    }
    throw cannotOpen(file, error)
  }
}

function openFile(libsql: Libsql, file: string): Connection {
  return opening(file, () => {
    // Made here, so that only its owner can read it; SQLite gives the files beside it the same mode.
    closeSync(openSync(file, 'a', 0o600))
    const connection = new libsql(file, { timeout: busyTimeoutMs })
    try {
      connection.pragma('journal_mode = WAL')
      connection.pragma('synchronous = FULL')
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

function opening<T>(file: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw cannotOpen(file, error)
  }
}

function cannotOpen(file: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('CANNOT_OPEN', `cannot open ${file} as an SQLite database: ${reason}`, cause)
}
