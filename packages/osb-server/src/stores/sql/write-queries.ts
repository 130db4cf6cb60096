import { type Expression, type Kysely, type SqlBool, sql } from 'kysely'
import type { ResourceWrite } from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { firstVersion } from '../first-version.js'
import { escapeText, toKeyColumns, toLongKey } from './key-columns.js'
import { toContentColumns } from './resource-rows.js'
import type { SqlEngine } from './sql-engine.js'
import type { Slots } from './statement.js'
import type { ResourceRow, Tables } from './tables.js'

type Db = Kysely<Tables>

/** What tells the statements of two writes apart; the rest are values. */
export interface WriteShape {
  readonly expects: 'absent' | 'version'
  readonly lease: 'keep' | 'release' | 'take'
  /** Whether the version of a binding's instance counts, too, and grows. */
  readonly touches: boolean
  readonly removesBindings: boolean
}

type WrittenColumn = Exclude<keyof ResourceRow, 'version' | 'lease_token' | 'lease_ends_at_ms'>

/** All that the statements of a write may use. */
export interface WriteValues extends Pick<ResourceRow, WrittenColumn> {
  /** By the clock of this process; a database that several share has its own. */
  readonly first_version: number
  readonly expected_version: number
  readonly instance_version: number
  readonly ttl_ms: number
}

export function toShape({ key, expected, lease, instanceVersion, removeBindings }: ResourceWrite): WriteShape {
  const isBinding = key.binding_id !== undefined
  return {
    expects: expected === 'absent' ? 'absent' : 'version',
    lease: typeof lease === 'string' ? lease : 'take',
    touches: isBinding && instanceVersion !== undefined,
    removesBindings: !isBinding && removeBindings === true,
  }
}

export function toValues(write: ResourceWrite, cipher: CellCipher): WriteValues {
  const { key, content, lease, expected, instanceVersion } = write
  const taken = typeof lease === 'string' ? { owner: null, ttlMs: 0 } : { ...lease, owner: escapeText(lease.owner) }
  return {
    ...toKeyColumns(key),
    ...toContentColumns(content, key, cipher),
    long_key: toLongKey(key),
    lease_owner: taken.owner,
    ttl_ms: taken.ttlMs,
    first_version: firstVersion(),
    expected_version: expected === 'absent' ? 0 : expected,
    instance_version: instanceVersion ?? 0,
  }
}

const contentColumns = [
  'service_id',
  'plan_id',
  'status',
  'operation_state',
  'operation_ended_at_ms',
  'operation',
  'request',
  'answer',
  'state',
  'operation_request',
  'checkpoint',
] as const satisfies readonly WrittenColumn[]

const answered = ['version', 'lease_owner', 'lease_token'] as const

/**
 * All of a write in one statement, for a database where each costs a round trip and others write at the same time. The
 * order of the locks is that of all statements here: the instance before its bindings. Every part depends on the one
 * before, so that all of them happen or none: an instance that is locked with the version expected keeps it until the
 * end, and what others commit meanwhile makes `written` empty.
 */
export function writeAtOnce(db: Db, engine: SqlEngine, shape: WriteShape, slot: Slots<WriteValues>) {
  if (!shape.touches && !shape.removesBindings) return writeRecord(db, engine, shape, slot)
  if (shape.removesBindings)
    return db
      .with('written', (on) => writeRecord(on as never, engine, shape, slot))
      .with('removed', (on) => removeBindings(on as never, slot).where(happened('written')))
      .selectFrom('written')
      .select(answered)
  return db
    .with('locked', (on) =>
      on
        .selectFrom('osb_resources')
        .select('version')
        .where(hasKey(slot))
        .where('version', '=', slot('instance_version'))
        .forUpdate(),
    )
    .with('written', (on) => writeRecord(on as never, engine, shape, slot, happened('locked')))
    .with('touched', (on) => touchInstance(on as never, slot).where(happened('written')))
    .selectFrom('written')
    .select(answered)
}

/** Writes the record alone: where none is, or where it has the version expected; and only under the condition. */
export function writeRecord(
  db: Db,
  engine: SqlEngine,
  shape: WriteShape,
  slot: Slots<WriteValues>,
  condition: Expression<SqlBool> = sql<SqlBool>`true`,
) {
  return shape.expects === 'absent'
    ? insertRecord(db, engine, slot, condition)
    : updateRecord(db, engine, shape.lease, slot, condition)
}

/** The first lease, if it is taken, has the token that the record starts with. */
function insertRecord(db: Db, engine: SqlEngine, slot: Slots<WriteValues>, condition: Expression<SqlBool>) {
  const given = ['tenant', 'instance_id', 'binding_id', 'long_key', 'lease_owner', ...contentColumns] as const
  const first = engine.firstVersion(slot('first_version'))
  return db
    .insertInto('osb_resources')
    .columns(['version', 'lease_token', 'lease_ends_at_ms', ...given])
    .expression(
      db
        .selectNoFrom([
          first.as('version'),
          first.as('lease_token'),
          endsIn(engine, slot('ttl_ms')).as('lease_ends_at_ms'),
          ...given.map((column) => slot(column).as(column)),
        ])
        .where(condition),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(answered)
}

function updateRecord(
  db: Db,
  engine: SqlEngine,
  lease: WriteShape['lease'],
  slot: Slots<WriteValues>,
  condition: Expression<SqlBool>,
) {
  return db
    .updateTable('osb_resources')
    .set(Object.fromEntries(contentColumns.map((column) => [column, slot(column)])))
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .$if(lease === 'release', (update) => update.set(endLease(engine)))
    .$if(lease === 'take', (update) =>
      update.set((eb) => ({
        lease_token: eb('lease_token', '+', 1),
        lease_owner: slot('lease_owner'),
        lease_ends_at_ms: endsIn(engine, slot('ttl_ms')),
      })),
    )
    .where(hasKey(slot, slot('binding_id')))
    .where('version', '=', slot('expected_version'))
    .where(condition)
    .returning(answered)
}

/** Makes the version of a binding's instance grow if it still is the one expected. */
export function touchInstance(db: Db, slot: Slots<WriteValues>) {
  return db
    .updateTable('osb_resources')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where(hasKey(slot))
    .where('version', '=', slot('instance_version'))
    .returning('version')
}

export function removeBindings(db: Db, slot: Slots<WriteValues>) {
  return db
    .deleteFrom('osb_resources')
    .where('tenant', '=', slot('tenant'))
    .where('instance_id', '=', slot('instance_id'))
    .where('binding_id', '>', '')
}

/** The key of the instance, or with its binding of that. */
function hasKey(slot: Slots<WriteValues>, bindingId: Expression<string> = sql.lit('')) {
  return sql<SqlBool>`tenant = ${slot('tenant')} and instance_id = ${slot('instance_id')} and binding_id = ${bindingId}`
}

/** Whether an earlier part of the statement had a row. */
function happened(part: 'locked' | 'written') {
  return sql<SqlBool>`exists (select from ${sql.table(part)})`
}

export function endsIn(engine: SqlEngine, ttlMs: Expression<number>) {
  return sql<number>`${engine.nowMs} + ${ttlMs}`
}

export function endLease(engine: SqlEngine) {
  return { lease_owner: null, lease_ends_at_ms: engine.nowMs }
}
