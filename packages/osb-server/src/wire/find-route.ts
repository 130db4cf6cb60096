import { matchPath, type OperationName, type PathIds } from 'osb-protocol'
import { OsbError } from '../errors.js'

/** What a request asks for. */
export interface RoutedRequest {
  readonly operation: OperationName
  readonly ids: PathIds
  /** Without the question mark; the empty string when there is none. */
  readonly query: string
}

/**
 * Recognises the operation by method and path.
 * @param target encoded path and query; the absolute form that proxies send is understood, too
 * @throws {OsbError} 404, 405 with `Allow`, or 400 for an id that is not valid percent-encoding (A22, T33)
 */
export function findRoute(method: string, target: string, basePath: string | undefined): RoutedRequest {
  const mark = target.indexOf('?')
  const path = pathBelowMount(target, basePath)
  const found = matchPath(method, path)
  switch (found.match) {
    case 'operation':
      return { operation: found.operation, ids: found.ids, query: mark < 0 ? '' : target.slice(mark + 1) }
    case 'wrong-method':
      // HEAD is answered wherever GET is.
      throw OsbError.methodNotAllowed(found.allow.flatMap((name) => (name === 'GET' ? [name, 'HEAD'] : [name])))
    case 'malformed':
      throw OsbError.badRequest(found.reason)
    case 'none':
      throw OsbError.notFound('There is nothing at this path.')
  }
}

/** The empty string when the path is not below the mount point. */
function pathBelowMount(target: string, basePath: string | undefined): string {
  const path = pathOf(target)
  if (basePath !== undefined) return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : ''
  // Below the first /v2/, an id may be "v2" as well; before it, only the mount point can be.
  const start = path.indexOf('/v2/')
  return start < 0 ? '' : path.slice(start)
}

/** The path of a target, without the authority that proxies may send before it. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return path.startsWith('/') ? path : afterAuthority(path)
}

function afterAuthority(target: string): string {
  const scheme = target.indexOf('://')
  const slash = scheme < 0 ? -1 : target.indexOf('/', scheme + 3)
  return slash < 0 ? '' : target.slice(slash)
}
