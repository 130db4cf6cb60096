import { randomUUID } from 'node:crypto'
import {
  buildPath,
  type CallDetails,
  encodePathSegment,
  formatOriginatingIdentity,
  headerNames,
  type OperationName,
  operationNames,
  type QueryName,
  type Route,
  routes,
} from 'osb-protocol'
import type { WireRequest } from '../transport/transport.js'

/** What requests get from the client rather than from the call. */
export interface RequestSettings {
  readonly prefix: string
  readonly apiVersion: string
  /** Whether the version has the request identity (2.15). */
  readonly sendsRequestIdentity: boolean
}

/** The arguments of any call, by name. */
export type CallArguments = Readonly<Record<string, unknown>>

/** What a call says in its path and its query. */
const namesOutsideBody = new Map(
  operationNames.map((name): [OperationName, readonly string[]] => {
    const route: Route = routes[name]
    const ids = [...route.path.matchAll(/:(\w+)/g)].map(([, id]) => String(id))
    return [name, [...ids, ...Object.keys(route.query)]]
  }),
)

/**
 * The identity of a request: the caller's, else a new GUID (RID-02, RID-08).
 * @throws {TypeError} when the caller's is empty or does not fit in a header (RID-06)
 */
export function requestIdentityOf(details: CallDetails): string {
  const { requestIdentity: identity } = details
  if (identity === undefined) return randomUUID()
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(identity))
    throw new TypeError('requestIdentity must be a non-empty text of ASCII characters')
  return identity
}

/**
 * Writes one call by the route table: ids into the path, query parameters into the query, the rest into the body.
 * Without what authenticates it, which may have to sign the whole.
 * @throws {TypeError} when the call lacks an id or a required query parameter, or a header cannot be written
 */
export function writeRequest(
  operation: OperationName,
  call: CallArguments,
  details: CallDetails,
  requestIdentity: string,
  settings: RequestSettings,
): WireRequest {
  const route: Route = routes[operation]
  const query = writeQuery(operation, route, call)
  const body = route.hasBody ? JSON.stringify(withoutNames(call, namesOutsideBody.get(operation) ?? [])) : undefined
  return {
    method: route.method,
    path: `${settings.prefix}${buildPath(operation, call)}${query && `?${query}`}`,
    headers: writeHeaders(operation, call, details, requestIdentity, settings, body !== undefined),
    body,
  }
}

function writeQuery(operation: OperationName, { query }: Route, call: CallArguments): string {
  const pairs: string[] = []
  for (const name of Object.keys(query) as QueryName[]) {
    const value = call[name]
    if (name === 'accepts_incomplete') {
      if (value === true) pairs.push(`${name}=true`) // `false` counts as absent (T11).
    } else if (typeof value === 'string' && value !== '') pairs.push(`${name}=${encodePathSegment(value)}`)
    else if (query[name] === 'required') throw new TypeError(`${operation} needs ${name}, a non-empty string`)
  }
  return pairs.join('&')
}

function writeHeaders(
  operation: OperationName,
  { etag }: CallArguments,
  { originatingIdentity }: CallDetails,
  requestIdentity: string,
  { apiVersion, sendsRequestIdentity }: RequestSettings,
  hasBody: boolean,
): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json', [headerNames.apiVersion]: apiVersion }
  if (sendsRequestIdentity) headers[headerNames.requestIdentity] = requestIdentity
  if (hasBody) headers['Content-Type'] = 'application/json'
  if (originatingIdentity) headers[headerNames.originatingIdentity] = formatOriginatingIdentity(originatingIdentity)
  if (operation === 'catalog' && typeof etag === 'string') headers[headerNames.ifNoneMatch] = checkedEtag(etag)
  return headers
}

function checkedEtag(etag: string): string {
  if (!/^[\x20-\x7e\x80-\xff]+$/.test(etag)) throw new TypeError('etag does not fit in a header')
  return etag
}

function withoutNames(call: CallArguments, names: readonly string[]): CallArguments {
  const left: Record<string, unknown> = {}
  for (const name of Object.keys(call)) if (!names.includes(name)) left[name] = call[name]
  return left
}
