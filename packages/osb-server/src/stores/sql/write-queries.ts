import { type Kysely, sql } from 'kysely'
import type { ResourceKey, ResourceWrite } from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { escapeText, toKeyColumns, toLongKey } from './key-columns.js'
import { toContentColumns } from './resource-rows.js'
import type { SqlEngine } from './sql-engine.js'
import type { Tables } from './tables.js'

/** Writes a record where none is. Its first lease, if it is taken, has the token that the record starts with. */
export function insertRecord(db: Kysely<Tables>, engine: SqlEngine, cipher: CellCipher, write: ResourceWrite) {
  const { key, content, lease } = write
  const taken = typeof lease === 'string' ? { owner: null, ttlMs: 0 } : { ...lease, owner: escapeText(lease.owner) }
  return db
    .insertInto('osb_resources')
    .values({
      ...toKeyColumns(key),
      long_key: toLongKey(key),
      version: engine.firstVersion(),
      lease_owner: taken.owner,
      lease_token: engine.firstVersion(),
      lease_ends_at_ms: sql<number>`${engine.nowMs} + ${taken.ttlMs}`,
      ...toContentColumns(content, key, cipher),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['version', 'lease_owner', 'lease_token'])
}

/** Writes a record that still has the version expected. */
export function updateRecord(
  db: Kysely<Tables>,
  engine: SqlEngine,
  cipher: CellCipher,
  { key, content, lease }: ResourceWrite,
  expected: number,
) {
  return db
    .updateTable('osb_resources')
    .set(toContentColumns(content, key, cipher))
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .$if(lease === 'release', (update) => update.set(endLease(engine)))
    .$if(typeof lease === 'object', (update) =>
      update.set((eb) => ({
        lease_token: eb('lease_token', '+', 1),
        ...(typeof lease === 'object' ? takeLease(engine, lease.owner, lease.ttlMs) : {}),
      })),
    )
    .where((eb) => eb.and(toKeyColumns(key)))
    .where('version', '=', expected)
    .returning(['version', 'lease_owner', 'lease_token'])
}

/** Makes the version of a binding's instance grow if it still is the one expected. */
export function touchInstance(db: Kysely<Tables>, { tenant, instance_id }: ResourceKey, expected: number) {
  return db
    .updateTable('osb_resources')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where((eb) => eb.and(toKeyColumns({ tenant, instance_id })))
    .where('version', '=', expected)
}

export function removeBindings(db: Kysely<Tables>, key: ResourceKey) {
  const { tenant, instance_id } = toKeyColumns(key)
  return db
    .deleteFrom('osb_resources')
    .where((eb) => eb.and({ tenant, instance_id }))
    .where('binding_id', '>', '')
}

export function takeLease(engine: SqlEngine, owner: string, ttlMs: number) {
  return { lease_owner: escapeText(owner), lease_ends_at_ms: sql<number>`${engine.nowMs} + ${ttlMs}` }
}

export function endLease(engine: SqlEngine) {
  return { lease_owner: null, lease_ends_at_ms: engine.nowMs }
}
