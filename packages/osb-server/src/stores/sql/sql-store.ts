import type { Kysely } from 'kysely'
import type { BrokerStore, ResourceRecord, ResourceWrite } from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { checkLimit, toListing, toNext } from '../list-options.js'
import { StoreError } from '../store-error.js'
import { claimLapsed, releaseLease, renewLease } from './lease-queries.js'
import { listResources, purgeDeleted, readResources, toPlace } from './read-queries.js'
import { toRecord, toWrittenRecord } from './resource-rows.js'
import type { SqlEngine } from './sql-engine.js'
import type { ResourceRow, Tables } from './tables.js'
import { insertRecord, removeBindings, touchInstance, updateRecord } from './write-queries.js'

export interface SqlStoreParts {
  /** The connection to a database that is migrated. */
  readonly db: Kysely<Tables>
  readonly engine: SqlEngine
  readonly cipher: CellCipher
  /** Lets go of the connection and of all that came with it; called once. */
  close(): Promise<void>
}

/** A store on an open database. */
export function sqlStore({ db, engine, cipher, close }: SqlStoreParts): BrokerStore {
  let closing: Promise<void> | undefined

  function open(): Kysely<Tables> {
    if (closing !== undefined) {
      throw StoreError.closed()
    }
    return db
  }

  return {
    async read(key) {
      const rows = await readResources(open(), key).execute()
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

    async write(write) {
      return writeRecord(open(), engine, cipher, write)
    },

    async renewLease(key, token, ttlMs) {
      const { numUpdatedRows } = await renewLease(open(), engine, key, token, ttlMs).executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async claimLapsed(owner, ttlMs, limit) {
      checkLimit(limit)
      const rows = await claimLapsed(open(), engine, owner, ttlMs, limit).execute()
      return rows.map((row) => toRecord(row, cipher))
    },

    async releaseLease(key, token) {
      await releaseLease(open(), engine, key, token).execute()
    },

    async list(options) {
      const listing = toListing(options)
      const rows = await listResources(open(), listing).execute()
      const page = rows.slice(0, listing.limit)
      const last = page.at(-1)
      const next = last === undefined || rows.length <= page.length ? {} : { next: toNext(toPlace(last)) }
      return { records: page.map((row) => toRecord(row, cipher)), ...next }
    },

    async purgeDeleted(endedBeforeMs, limit) {
      checkLimit(limit)
      const { numDeletedRows } = await purgeDeleted(open(), endedBeforeMs, limit).executeTakeFirst()
      return Number(numDeletedRows)
    },

    async close() {
      closing ??= close()
      await closing
    },
  }
}

/** Thrown to undo a transaction whose compare-and-set was lost. */
class LostRace extends Error {}

async function writeRecord(
  db: Kysely<Tables>,
  engine: SqlEngine,
  cipher: CellCipher,
  write: ResourceWrite,
): Promise<ResourceRecord | undefined> {
  const { key, content, expected } = write
  const writeOne = async (on: Kysely<Tables>) => {
    const query =
      expected === 'absent'
        ? insertRecord(on, engine, cipher, write)
        : updateRecord(on, engine, cipher, write, expected)
    const written = await query.executeTakeFirst()
    return written && toWrittenRecord(content, key, written)
  }
  const touched = key.binding_id === undefined ? undefined : write.instanceVersion
  const removes = key.binding_id === undefined && write.removeBindings === true
  if (touched === undefined && !removes) {
    return writeOne(db)
  }
  return unlessLost(
    db.transaction().execute(async (transaction) => {
      if (touched !== undefined) {
        const { numUpdatedRows } = await touchInstance(transaction, key, touched).executeTakeFirst()
        orLost(numUpdatedRows > 0n || undefined)
      }
      const record = orLost(await writeOne(transaction))
      if (removes) {
        await removeBindings(transaction, key).execute()
      }
      return record
    }),
  )
}

function orLost<T>(outcome: T | undefined): T {
  if (outcome === undefined) {
    throw new LostRace()
  }
  return outcome
}

async function unlessLost<T>(outcome: Promise<T>): Promise<T | undefined> {
  try {
    return await outcome
  } catch (error) {
    if (error instanceof LostRace) {
      return undefined
    }
    throw error
  }
}
