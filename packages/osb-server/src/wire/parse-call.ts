import { bindRequest, jsonPointer, provisionRequest, type QueryName, routes, updateRequest } from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { RoutedRequest } from './find-route.js'
import type { CalledOperation, OperationCall } from './operation-call.js'

const requestSchemas = { provision: provisionRequest, update: updateRequest, bind: bindRequest } as const

/**
 * Makes the call of a request: body, then query, then path, so that no field of a body can stand in for an id of the
 * path. The body goes on as it came, with fields unknown to us (EXT-03).
 * @param body becomes the call, and is changed for it
 * @throws {OsbError} 400 that lists each fault with its JSON pointer (PROV-17, UPD-27, BIND-28, DEP-14, UNB-15)
 */
export function parseCall(operation: CalledOperation, { ids, query }: RoutedRequest, body: unknown): OperationCall {
  const schema = requestSchemas[operation as keyof typeof requestSchemas] as
    | (typeof requestSchemas)[keyof typeof requestSchemas]
    | undefined
  const result = schema?.safeParse(body)
  if (result?.error) throw OsbError.badRequest('The request is not valid', result.error.issues.map(requestIssue))
  // The body is nobody else's, so it can become the call: a copy costs as much as the parsing. The schema and the route
  // table are the proof that the parts make up the call of this operation.
  const call = Object.assign(body ?? {}, readQuery(operation, query), ids)
  return { operation, call } as OperationCall
}

function requestIssue({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }) {
  return { pointer: jsonPointer(path), message }
}

type QueryFields = Partial<Record<Exclude<QueryName, 'accepts_incomplete'>, string>> & { accepts_incomplete?: boolean }

function readQuery(operation: CalledOperation, query: string): QueryFields {
  const given = new URLSearchParams(query)
  const fields: QueryFields = {}
  for (const [name, presence] of Object.entries(routes[operation].query) as [QueryName, 'required' | 'optional'][]) {
    const values = given.getAll(name)
    if (values.length > 1) throw OsbError.badRequest(`The query parameter ${name} is given more than once.`)
    // Only the exact text counts as true (A13).
    if (name === 'accepts_incomplete') fields.accepts_incomplete = values[0] === 'true'
    else if (values[0]) fields[name] = values[0]
    else if (presence === 'required') throw OsbError.badRequest(`The query parameter ${name} is missing.`)
  }
  return fields
}
