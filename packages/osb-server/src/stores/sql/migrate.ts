import { type Kysely, sql } from 'kysely'
import { StoreError } from '../store-error.js'
import { resources } from './migrations/001-resources.js'
import type { SqlEngine } from './sql-engine.js'
import type { Tables } from './tables.js'

/** The statements of each migration, for any database; the first makes schema version 1. Released ones never change. */
const migrations: readonly (readonly string[])[] = [resources]

/**
 * Brings the schema up to date, all or nothing.
 * @throws StoreError `NEWER_SCHEMA`
 */
export async function migrate(db: Kysely<Tables>, { lockMigrations }: SqlEngine): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockMigrations?.execute(transaction)
    await sql`create table if not exists osb_schema (version integer primary key)`.execute(transaction)
    const ran = await transaction
      .selectFrom('osb_schema')
      .select(({ fn }) => fn.max('version').as('version'))
      .execute()
    const version = ran[0]?.version ?? 0
    if (version > migrations.length) {
      throw newerSchema(version)
    }
    for (const [index, statements] of [...migrations.entries()].slice(version)) {
      for (const statement of statements) {
        await sql.raw(statement).execute(transaction)
      }
      await transaction
        .insertInto('osb_schema')
        .values({ version: index + 1 })
        .execute()
    }
  })
}

function newerSchema(version: number): StoreError {
  const text =
    `the database has schema version ${version}, and this osb-server knows none above ${migrations.length}: ` +
    'use the osb-server that wrote it, or a newer one'
  return new StoreError('NEWER_SCHEMA', text)
}
