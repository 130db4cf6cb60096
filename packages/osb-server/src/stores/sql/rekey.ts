import { type Kysely, sql, type SqlBool } from 'kysely'
import type { BrokerStore, OnUnreadable } from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { checkLimit } from '../list-options.js'
import type { KeyColumns } from './key-columns.js'
import { cellColumns, type CellColumns, toCellsAgain } from './resource-rows.js'
import type { ResourceRow, Tables } from './tables.js'

export interface RekeyOptions {
  /** Ends the work between two records; what was done stays done, and the next call goes on with the rest. */
  readonly signal?: AbortSignal | undefined
  /** Records that are read at a time. Default: 100. */
  readonly pageSize?: number | undefined
  /** Told of each record that cannot be read; it is left as it is. */
  readonly onUnreadable?: OnUnreadable | undefined
}

export interface RekeyResult {
  /** Records that were encrypted again. */
  readonly rekeyed: number
  /** Records that cannot be read. While there are any, earlier keys are not forgotten. */
  readonly unreadable: number
}

/** A store that encrypts what it keeps. */
export interface EncryptedStore extends BrokerStore {
  /**
   * Encrypts with `encryptionKey` all that is encrypted with an earlier key; then the database needs no earlier key any
   * more. May run beside other replicas, once all of them have the new key as `encryptionKey`; calls and operations
   * go on meanwhile.
   * @throws the reason of the `signal`
   */
  rekey(options?: RekeyOptions): Promise<RekeyResult>
}

const attemptsPerRecord = 20

export async function rekey(
  open: () => Kysely<Tables>,
  cipher: CellCipher,
  { signal, pageSize = 100, onUnreadable = () => undefined }: RekeyOptions = {},
): Promise<RekeyResult> {
  checkLimit(pageSize, 1000)
  const counts = { rekeyed: 0, unreadable: 0, done: 0 }
  for (let after: KeyColumns | undefined; ;) {
    signal?.throwIfAborted()
    const page = await oldRows(open(), cipher, after).limit(pageSize).execute()
    for (const row of page) {
      signal?.throwIfAborted()
      counts[await rekeyRow(open, cipher, row, onUnreadable)] += 1
    }
    after = page.at(-1)
    if (after === undefined) break
  }
  const { rekeyed, unreadable } = counts
  if (unreadable === 0) await forgetUnused(open(), cipher).execute()
  return { rekeyed, unreadable }
}

/** @returns `done` when the record is gone, or others have encrypted it with the new key meanwhile */
async function rekeyRow(
  open: () => Kysely<Tables>,
  cipher: CellCipher,
  found: ResourceRow,
  onUnreadable: OnUnreadable,
): Promise<'rekeyed' | 'unreadable' | 'done'> {
  let row: ResourceRow | undefined = found
  for (let attempt = 0; attempt < attemptsPerRecord; attempt++) {
    let cells
    try {
      cells = toCellsAgain(row, cipher)
    } catch (error) {
      onUnreadable(error)
      return 'unreadable'
    }
    const { numUpdatedRows } = await writeCells(open(), row, cells).executeTakeFirst()
    if (numUpdatedRows > 0n) return 'rekeyed'
    row = await oldRows(open(), cipher, undefined).where(isRow(row)).executeTakeFirst()
    if (row === undefined) return 'done'
  }
  throw new Error(`a record was changed by others ${attemptsPerRecord} times in a row`)
}

/** The version stays: it counts changes, and to those who have read the record nothing changes. */
export function writeCells(db: Kysely<Tables>, row: ResourceRow, cells: CellColumns) {
  return db.updateTable('osb_resources').set(cells).where(isRow(row)).where('version', '=', row.version)
}

/** Those with a value of another key, in the order of the primary key. */
export function oldRows(db: Kysely<Tables>, cipher: CellCipher, after: KeyColumns | undefined) {
  return db
    .selectFrom('osb_resources')
    .selectAll()
    .where(isOld(cipher))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('tenant', 'instance_id', 'binding_id'),
          '>',
          tuple(after?.tenant ?? '', after?.instance_id ?? '', after?.binding_id ?? ''),
        ),
      ),
    )
    .orderBy('tenant')
    .orderBy('instance_id')
    .orderBy('binding_id')
}

function forgetUnused(db: Kysely<Tables>, cipher: CellCipher) {
  return db
    .deleteFrom('osb_keys')
    .where('key_id', '<>', cipher.keyId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('osb_resources').select('version').where(isOld(cipher)))),
    )
}

/** A value that is not there is null, which is neither. */
function isOld({ prefix }: CellCipher) {
  const conditions = cellColumns.map(
    (column) => sql`substr(${sql.ref(column)}, 1, ${sql.lit(prefix.length)}) <> ${prefix}`,
  )
  return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
}

function isRow({ tenant, instance_id, binding_id }: KeyColumns) {
  return sql<SqlBool>`tenant = ${tenant} and instance_id = ${instance_id} and binding_id = ${binding_id}`
}
