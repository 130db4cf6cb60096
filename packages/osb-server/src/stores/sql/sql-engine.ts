import { type RawBuilder, sql } from 'kysely'
import { firstVersion } from '../first-version.js'

/** What databases have different words for. */
export interface SqlEngine {
  /** Milliseconds since 1970 by the clock of the database. */
  readonly nowMs: RawBuilder<number>
  /** Where the version and the token of a new record start: higher than those of any record of this key before. */
  firstVersion(): RawBuilder<number>
}

/** SQLite in this process, which alone uses the file. */
export const sqliteEngine: SqlEngine = {
  nowMs: sql<number>`cast(round(unixepoch('subsec') * 1000) as integer)`,
  firstVersion: () => sql<number>`${firstVersion()}`,
}
