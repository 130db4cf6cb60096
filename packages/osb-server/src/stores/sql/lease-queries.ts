import { type Kysely, sql } from 'kysely'
import type { ResourceKey } from '../broker-store.js'
import { escapeText, toKeyColumns } from './key-columns.js'
import { inProgress } from './literals.js'
import type { SqlEngine } from './sql-engine.js'
import type { Tables } from './tables.js'
import { endLease, endsIn } from './write-queries.js'

export function renewLease(db: Kysely<Tables>, engine: SqlEngine, key: ResourceKey, token: number, ttlMs: number) {
  return heldLease(db, key, token).set({ lease_ends_at_ms: endsIn(engine, sql.val(ttlMs)) })
}

export function releaseLease(db: Kysely<Tables>, engine: SqlEngine, key: ResourceKey, token: number) {
  return heldLease(db, key, token).set((eb) => ({ ...endLease(engine), version: eb('version', '+', 1) }))
}

export function claimLapsed(db: Kysely<Tables>, engine: SqlEngine, owner: string, ttlMs: number, limit: number) {
  return db
    .updateTable('osb_resources')
    .set((eb) => ({
      lease_owner: escapeText(owner),
      lease_ends_at_ms: endsIn(engine, sql.val(ttlMs)),
      lease_token: eb('lease_token', '+', 1),
      version: eb('version', '+', 1),
    }))
    .where((eb) =>
      eb(
        eb.refTuple('tenant', 'instance_id', 'binding_id'),
        'in',
        eb
          .selectFrom('osb_resources')
          .select(['tenant', 'instance_id', 'binding_id'])
          .where('operation_state', '=', inProgress)
          .where('lease_ends_at_ms', '<=', engine.nowMs)
          .orderBy('lease_ends_at_ms')
          .limit(limit)
          .$if(engine.sharesClaims, (query) => query.forUpdate().skipLocked())
          .$asTuple('tenant', 'instance_id', 'binding_id'),
      ),
    )
    .returningAll()
}

/** Ends all leases: for a database whose owners are known to be gone. */
export function endAllLeases(db: Kysely<Tables>, engine: SqlEngine) {
  return db
    .updateTable('osb_resources')
    .set(endLease(engine))
    .where('operation_state', '=', inProgress)
    .where('lease_ends_at_ms', '>', engine.nowMs)
}

function heldLease(db: Kysely<Tables>, key: ResourceKey, token: number) {
  return db
    .updateTable('osb_resources')
    .where((eb) => eb.and(toKeyColumns(key)))
    .where('lease_token', '=', token)
    .where('lease_owner', 'is not', null)
}
