import { type RawBuilder, sql } from 'kysely'

/** What databases have different words for. */
export interface SqlEngine {
  /** Milliseconds since 1970 by the clock of the database. */
  readonly nowMs: RawBuilder<number>
  /**
   * Where the version and the token of a new record start: higher than those of any record of this key before.
   * @param own such a number by the clock of this process
   */
  firstVersion(own: RawBuilder<number>): RawBuilder<number>
  /** Keeps other processes from migrating until the transaction ends. Absent: no other process can. */
  readonly lockMigrations?: RawBuilder<unknown>
  /** Whether several processes claim at once, and rows that one of them is claiming are to be passed over. */
  readonly sharesClaims: boolean
  /** Whether a statement can write several records; else a transaction does, which costs nothing in the same process. */
  readonly writesAtOnce: boolean
}

/** SQLite in this process, which alone uses the file. */
export const sqliteEngine: SqlEngine = {
  nowMs: sql<number>`cast(round(unixepoch('subsec') * 1000) as integer)`,
  firstVersion: (own) => own,
  sharesClaims: false,
  writesAtOnce: false,
}

/** PostgreSQL, which several processes share. Its clock is the one that all of them go by. */
export const postgresEngine: SqlEngine = {
  nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  firstVersion: () => sql<number>`(extract(epoch from clock_timestamp()) * 1000000)::bigint`,
  // Any number that other programs on the database are unlikely to lock.
  lockMigrations: sql`select pg_advisory_xact_lock(7305794381105410)`,
  sharesClaims: true,
  writesAtOnce: true,
}
