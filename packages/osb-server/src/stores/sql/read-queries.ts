import type { Kysely } from 'kysely'
import type { ResourceKey } from '../broker-store.js'
import type { Listing, Place } from '../list-options.js'
import { type KeyColumns, toKeyColumns } from './key-columns.js'
import { deleted, inProgress } from './literals.js'
import type { Tables } from './tables.js'

/** Finds the instance, the binding, and whether any binding is busy: one row at least, for the last. */
export function readResources(db: Kysely<Tables>, key: ResourceKey) {
  const { tenant, instance_id, binding_id } = toKeyColumns(key)
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
        .on('osb_resources.binding_id', 'in', ['', binding_id]),
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

export function purgeDeleted(db: Kysely<Tables>, endedBeforeMs: number, limit: number) {
  return db
    .deleteFrom('osb_resources')
    .where((eb) =>
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
          .$asTuple('tenant', 'instance_id', 'binding_id'),
      ),
    )
}
