import { type Kysely, sql } from 'kysely'
import type { Listing, Place } from '../list-options.js'
import { type KeyColumns, toKeyColumns } from './key-columns.js'
import { deleted, inProgress } from './literals.js'
import type { SqlEngine } from './sql-engine.js'
import type { Slots } from './statement.js'
import type { Tables } from './tables.js'

/** Finds the instance, the binding, and whether any binding is busy: one row at least, for the last. */
export function readResources(db: Kysely<Tables>, slot: Slots<KeyColumns>) {
  const [tenant, instance_id] = [slot('tenant'), slot('instance_id')]
  const look = db.selectNoFrom(({ exists, selectFrom }) =>
    exists(
      selectFrom('osb_resources')
        .select('version')
        .where('tenant', '=', tenant)
        .where('instance_id', '=', instance_id)
        .where('binding_id', '>', '')
        .where('operation_state', '=', inProgress),
    ).as('bindings_busy'),
  )
  return db
    .selectFrom(look.as('look'))
    .leftJoin('osb_resources', (join) =>
      join
        .on('osb_resources.tenant', '=', tenant)
        .on('osb_resources.instance_id', '=', instance_id)
        .on('osb_resources.binding_id', 'in', [sql.lit(''), slot('binding_id')]),
    )
    .select('look.bindings_busy')
    .selectAll('osb_resources')
}

/** One record more than the limit, so that the last page is known. */
export function listResources(db: Kysely<Tables>, listing: Listing) {
  const { tenant = '', instance_id = '' } = listing
  const filter = toKeyColumns({ tenant, instance_id })
  const [afterTenant, afterInstance, afterBinding = ''] = listing.after ?? ['', '']
  return db
    .selectFrom('osb_resources')
    .selectAll()
    .$if(listing.tenant !== undefined, (query) => query.where('tenant', '=', filter.tenant))
    .$if(listing.instance_id !== undefined, (query) =>
      query.where('instance_id', '=', filter.instance_id).where('binding_id', '>', ''),
    )
    .$if(listing.only !== undefined, (query) =>
      query.where('binding_id', listing.only === 'instances' ? '=' : '>', sql.lit('')),
    )
    .$if(listing.inProgress, (query) => query.where('operation_state', '=', inProgress))
    .$if(listing.after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) => {
        // Only the columns that no filter fixes, else SQLite reads the pages before as well.
        if (listing.instance_id !== undefined) {
          return eb('binding_id', '>', afterBinding)
        }
        return listing.tenant === undefined
          ? eb(refTuple('tenant', 'instance_id', 'binding_id'), '>', tuple(afterTenant, afterInstance, afterBinding))
          : eb(refTuple('instance_id', 'binding_id'), '>', tuple(afterInstance, afterBinding))
      }),
    )
    .orderBy('tenant')
    .orderBy('instance_id')
    .orderBy('binding_id')
    .limit(listing.limit + 1)
}

/** Where a row stands in a listing. */
export function toPlace({ tenant, instance_id, binding_id }: KeyColumns): Place {
  return [tenant, instance_id, binding_id]
}

/** Passes over what others are writing: waiting for one lock while others are held could wait for ever. */
export function purgeDeleted(db: Kysely<Tables>, engine: SqlEngine, endedBeforeMs: number, limit: number) {
  return db.deleteFrom('osb_resources').where((eb) =>
    eb(
      eb.refTuple('tenant', 'instance_id', 'binding_id'),
      'in',
      eb
        .selectFrom('osb_resources')
        .select(['tenant', 'instance_id', 'binding_id'])
        .where('status', '=', deleted)
        .where('operation_ended_at_ms', '<', endedBeforeMs)
        .orderBy('operation_ended_at_ms')
        .limit(limit)
        .$if(engine.sharesClaims, (query) => query.forUpdate().skipLocked())
        .$asTuple('tenant', 'instance_id', 'binding_id'),
    ),
  )
}
