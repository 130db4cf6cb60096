import type { KyselyPlugin } from 'kysely'
import type { ResourceRow } from './tables.js'

const bigints = new Set<string>([
  'version',
  'operation_ended_at_ms',
  'lease_token',
  'lease_ends_at_ms',
] satisfies (keyof ResourceRow)[])

/** Reads `bigint` columns as numbers. pg gives them as texts, since they may be larger; times in microseconds are not. */
export const numbersPlugin: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: ({ result }) =>
    Promise.resolve({
      ...result,
      rows: result.rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            typeof value === 'string' && bigints.has(column) ? Number(value) : value,
          ]),
        ),
      ),
    }),
}
