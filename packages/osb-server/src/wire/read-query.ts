import { operationNames, type QueryName, routes } from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { CalledOperation } from './operation-call.js'

/** What a call takes from the query of its path. */
export type QueryFields = Partial<Record<Exclude<QueryName, 'accepts_incomplete'>, string>> & {
  accepts_incomplete?: boolean
}

type Presences = readonly (readonly [QueryName, 'required' | 'optional'])[]

const presencesOf = Object.fromEntries(
  operationNames.map((name) => [name, Object.entries(routes[name].query) as unknown as Presences]),
) as Readonly<Record<CalledOperation, Presences>>

/**
 * Reads the parameters that an operation has; others are ignored.
 * @param query without its question mark
 * @throws {OsbError} 400 for one that is missing, or given more than once
 */
export function readQuery(operation: CalledOperation, query: string): QueryFields {
  const fields: QueryFields = {}
  const valuesOf = isPlain(query) ? plainValues : encodedValues
  for (const [name, presence] of presencesOf[operation]) {
    const [value, another] = valuesOf(query, name)
    if (another !== undefined) throw OsbError.badRequest(`The query parameter ${name} is given more than once.`)
    // Only the exact text counts as true (A13).
    if (name === 'accepts_incomplete') fields.accepts_incomplete = value === 'true'
    else if (value) fields[name] = value
    else if (presence === 'required') throw OsbError.badRequest(`The query parameter ${name} is missing.`)
  }
  return fields
}

function encodedValues(query: string, name: string): string[] {
  return new URLSearchParams(query).getAll(name)
}

/** Whether nothing in a query is encoded; queries of platforms rarely have anything that must be. */
function isPlain(query: string): boolean {
  return /^[!-$&-*,-~]*$/.test(query)
}

/** The same as `URLSearchParams` finds in a plain query, at a tenth of the cost. */
function plainValues(query: string, name: string): string[] {
  const values: string[] = []
  for (let start = 0; start < query.length;) {
    const next = query.indexOf('&', start)
    const end = next < 0 ? query.length : next
    if (query.startsWith(name, start)) {
      const mark = start + name.length
      if (mark === end) values.push('')
      else if (query[mark] === '=') values.push(query.slice(mark + 1, end))
    }
    start = end + 1
  }
  return values
}
