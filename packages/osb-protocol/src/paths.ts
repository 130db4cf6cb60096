import { type HttpMethod, type OperationName, type PathIds, routes } from './operations.js'

/**
 * The path of an operation with its ids percent-encoded (URL-03). `.` and `..` are encoded too, since they would be
 * taken for relative segments (T33). WHATWG URL parsers do that even with `%2E`: whoever sends the path must not pass
 * it through `new URL()`, or must check that it came out unchanged.
 * @throws {TypeError} when an id that the path needs is missing or empty
 * @example buildPath('provision', { instance_id: 'a/b' }) // '/v2/service_instances/a%2Fb'
 */
export function buildPath(operation: OperationName, ids: PathIds = {}): string {
  return routes[operation].path.replace(/:(instance_id|binding_id)/g, (_all, name: keyof PathIds) => {
    const id = ids[name]
    if (!id) throw new TypeError(`${operation} needs ${name}, a non-empty string`)
    return encodePathSegment(id)
  })
}

/**
 * Percent-encodes one id for a path. A lone surrogate, which has no UTF-8 form, is written as U+FFFD.
 * `.` and `..` alone are written `%2E` and `%2E%2E`.
 */
export function encodePathSegment(id: string): string {
  if (id === '.') return '%2E'
  if (id === '..') return '%2E%2E'
  return encodeURIComponent(id.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** What a path was found to be: a call, a known path with another method, a malformed id, or nothing of ours. */
export type RouteMatch =
  | { readonly match: 'operation'; readonly operation: OperationName; readonly ids: PathIds }
  | { readonly match: 'wrong-method'; readonly allow: readonly HttpMethod[] }
  | { readonly match: 'malformed'; readonly reason: string }
  | { readonly match: 'none' }

const instanceOperations = { PUT: 'provision', GET: 'fetchInstance', PATCH: 'update', DELETE: 'deprovision' } as const
const bindingOperations = { PUT: 'bind', GET: 'fetchBinding', DELETE: 'unbind' } as const
const none: RouteMatch = { match: 'none' }
const instancesPath = '/v2/service_instances/'
const bindingsPath = '/service_bindings/'
const pollPath = '/last_operation'

/**
 * Recognises a call by method and path. The path is matched as it came (still encoded), each id is decoded once,
 * so that an id may hold any character, `/` and `..` included (URL-01, T33). HEAD is answered like GET.
 * @param path the encoded path below the broker's mount point, without query, such as `/v2/catalog`
 */
export function matchPath(method: string, path: string): RouteMatch {
  if (path === routes.catalog.path) return pick(method, { GET: 'catalog' }, {})
  if (!path.startsWith(instancesPath)) return none
  const instance = segmentAt(path, instancesPath.length)
  if (instance === '') return none
  const instance_id = decodeSegment(instance)
  if (instance_id === undefined) return malformed('instance_id')
  const below = path.slice(instancesPath.length + instance.length)
  if (below === '') return pick(method, instanceOperations, { instance_id })
  if (below === pollPath) return pick(method, { GET: 'lastInstanceOperation' }, { instance_id })
  if (!below.startsWith(bindingsPath)) return none
  const binding = segmentAt(below, bindingsPath.length)
  if (binding === '') return none
  const binding_id = decodeSegment(binding)
  if (binding_id === undefined) return malformed('binding_id')
  const ids = { instance_id, binding_id }
  const rest = below.slice(bindingsPath.length + binding.length)
  if (rest === '') return pick(method, bindingOperations, ids)
  return rest === pollPath ? pick(method, { GET: 'lastBindingOperation' }, ids) : none
}

function segmentAt(path: string, start: number): string {
  const end = path.indexOf('/', start)
  return end < 0 ? path.slice(start) : path.slice(start, end)
}

function pick(method: string, operations: Partial<Record<string, OperationName>>, ids: PathIds): RouteMatch {
  const operation = Object.hasOwn(operations, method)
    ? operations[method]
    : method === 'HEAD'
      ? operations['GET']
      : undefined
  if (operation) return { match: 'operation', operation, ids }
  return { match: 'wrong-method', allow: Object.keys(operations) as HttpMethod[] }
}

function malformed(name: keyof PathIds): RouteMatch {
  return { match: 'malformed', reason: `${name} in the path is not valid percent-encoded UTF-8` }
}

function decodeSegment(segment: string): string | undefined {
  // Half a character has no UTF-8 form: stores would make the same id of different ones.
  if (!segment.includes('%')) return segment.isWellFormed() ? segment : undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
