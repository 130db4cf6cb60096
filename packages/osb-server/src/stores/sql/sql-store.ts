import type { Kysely } from 'kysely'
import type { CellCipher } from '../encryption.js'
import { checkLimit, toListing, toNext } from '../list-options.js'
import { retryLost } from '../retry-lost.js'
import { StoreError } from '../store-error.js'
import { type KeyColumns, toKeyColumns } from './key-columns.js'
import { claimLapsed, releaseLease, renewLease } from './lease-queries.js'
import { listResources, purgeDeleted, readResources, toPlace } from './read-queries.js'
import { recordWriter } from './record-writer.js'
import { type EncryptedStore, rekey } from './rekey.js'
import { toRecord, toRecords } from './resource-rows.js'
import type { SqlEngine } from './sql-engine.js'
import { type Slots, statement } from './statement.js'
import type { ResourceRow, Tables } from './tables.js'

export interface SqlStoreParts {
  /** The connection to a database that is migrated. */
  readonly db: Kysely<Tables>
  readonly engine: SqlEngine
  readonly cipher: CellCipher
  /** Lets go of the connection and of all that came with it; called once. */
  close(): Promise<void>
}

/** A store on an open database. */
export function sqlStore({ db, engine, cipher, close }: SqlStoreParts): EncryptedStore {
  const look = statement((slot: Slots<KeyColumns>) => readResources(db, slot))
  const write = recordWriter(engine, cipher)
  let closing: Promise<void> | undefined

  function open(): Kysely<Tables> {
    if (closing !== undefined) {
      throw StoreError.closed()
    }
    return db
  }

  return {
    async read(key) {
      const { rows } = await retryLost(() => open().executeQuery(look(toKeyColumns(key))))
      const found = rows.filter((row): row is typeof row & ResourceRow => row.version !== null)
      const [instance, binding] = [true, false].map((isInstance) =>
        found.find((row) => (row.binding_id === '') === isInstance),
      )
      return {
        instance: instance && toRecord(instance, cipher),
        binding: binding && toRecord(binding, cipher),
        bindingsBusy: rows.some((row) => Boolean(row.bindings_busy)),
      }
    },

    async write(change) {
      return write(open(), change)
    },

    async renewLease(key, token, ttlMs) {
      const { numUpdatedRows } = await retryLost(() => renewLease(open(), engine, key, token, ttlMs).executeTakeFirst())
      return numUpdatedRows > 0n
    },

    async claimLapsed(owner, ttlMs, limit, onUnreadable = () => undefined) {
      checkLimit(limit)
      const rows = await claimLapsed(open(), engine, owner, ttlMs, limit).execute()
      return toRecords(rows, cipher, onUnreadable)
    },

    async releaseLease(key, token) {
      await retryLost(() => releaseLease(open(), engine, key, token).execute())
    },

    async list(options) {
      const listing = toListing(options)
      const rows = await retryLost(() => listResources(open(), listing).execute())
      const page = rows.slice(0, listing.limit)
      const last = page.at(-1)
      const next = last === undefined || rows.length <= page.length ? {} : { next: toNext(toPlace(last)) }
      return { records: toRecords(page, cipher, options?.onUnreadable), ...next }
    },

    async purgeDeleted(endedBeforeMs, limit) {
      checkLimit(limit)
      const { numDeletedRows } = await purgeDeleted(open(), engine, endedBeforeMs, limit).executeTakeFirst()
      return Number(numDeletedRows)
    },

    async rekey(options) {
      return rekey(open, cipher, options)
    },

    async close() {
      closing ??= close()
      await closing
    },
  }
}
