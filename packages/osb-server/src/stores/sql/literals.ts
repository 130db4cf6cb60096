import { sql } from 'kysely'

// Literals and not parameters: a planner uses a partial index only where the query repeats its condition.

export const inProgress = sql.lit<'in progress'>('in progress')

export const deleted = sql.lit<'deleted'>('deleted')
