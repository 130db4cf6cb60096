import type { Kysely } from 'kysely'
import type { ResourceRecord, ResourceWrite } from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { toWrittenRecord } from './resource-rows.js'
import type { SqlEngine } from './sql-engine.js'
import { type Statement, statement } from './statement.js'
import type { ResourceRow, Tables } from './tables.js'
import {
  removeBindings,
  toShape,
  touchInstance,
  toValues,
  writeAtOnce,
  writeRecord,
  type WriteShape,
  type WriteValues,
} from './write-queries.js'

type Db = Kysely<Tables>
type Written = Pick<ResourceRow, 'version' | 'lease_owner' | 'lease_token'>
/** @returns what was written, or undefined if somebody was faster */
type Write = (db: Db, values: WriteValues) => Promise<Written | undefined>

/** Makes `write` of a store: the statements of each shape are built once. */
export function recordWriter(
  engine: SqlEngine,
  cipher: CellCipher,
): (db: Db, write: ResourceWrite) => Promise<ResourceRecord | undefined> {
  const writes = new Map<string, Write>()
  return async (db, write) => {
    const shape = toShape(write)
    const name = Object.values(shape).join()
    const run =
      writes.get(name) ?? (engine.writesAtOnce ? inOneStatement(db, engine, shape) : inOrder(db, engine, shape))
    writes.set(name, run)
    const written = await run(db, toValues(write, cipher))
    return written && toWrittenRecord(write.content, write.key, written)
  }
}

function inOneStatement(on: Db, engine: SqlEngine, shape: WriteShape): Write {
  const write = statement<WriteValues, Written>((slot) => writeAtOnce(on, engine, shape, slot))
  return (db, values) => firstOf(db, write, values)
}

function inOrder(on: Db, engine: SqlEngine, shape: WriteShape): Write {
  const write = statement<WriteValues, Written>((slot) => writeRecord(on, engine, shape, slot))
  if (!shape.touches && !shape.removesBindings) return (db, values) => firstOf(db, write, values)
  const touch = statement<WriteValues, unknown>((slot) => touchInstance(on, slot))
  const remove = statement<WriteValues, unknown>((slot) => removeBindings(on, slot))
  return (db, values) =>
    unlessLost(
      db.transaction().execute(async (transaction) => {
        if (shape.touches) orLost(await firstOf(transaction, touch, values))
        const written = orLost(await firstOf(transaction, write, values))
        if (shape.removesBindings) await transaction.executeQuery(remove(values))
        return written
      }),
    )
}

async function firstOf<Row>(db: Db, query: Statement<WriteValues, Row>, values: WriteValues): Promise<Row | undefined> {
  const { rows } = await db.executeQuery(query(values))
  return rows[0]
}

/** Thrown to undo a transaction whose compare-and-set was lost. */
class LostRace extends Error {}

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
