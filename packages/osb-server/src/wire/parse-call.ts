import { bindRequest, fits, jsonPointer, provisionRequest, updateRequest } from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { RoutedRequest } from './find-route.js'
import type { CalledOperation, OperationCall } from './operation-call.js'
import { readQuery } from './read-query.js'

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
  if (schema && !fits(schema, body)) {
    const issues = schema.safeParse(body).error?.issues ?? []
    throw OsbError.badRequest('The request is not valid', issues.map(requestIssue))
  }
  // The body is nobody else's, so it can become the call: a copy costs as much as the parsing. The schema and the route
  // table are the proof that the parts make up the call of this operation.
  const fields = Object.assign(readQuery(operation, query), ids)
  const call = body === undefined ? fields : Object.assign(body as object, fields)
  return { operation, call } as OperationCall
}

function requestIssue({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }) {
  return { pointer: jsonPointer(path), message }
}
