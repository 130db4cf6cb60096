import { pathOf } from './find-route.js'

/** Where in a path the tenant stands. */
export interface TenantPath {
  /** Decoded; undefined when the path names none, the empty string when it names what cannot be one. */
  readonly tenant: string | undefined
  /** The path up to and with the tenant, below which the paths of the protocol begin. */
  readonly basePath: string | undefined
}

/** Nobody needs to look for longer names. */
const maximumNameLength = 256

/**
 * Finds the tenant of a request: the path segment before `/v2/`. Without one, or outside of the mount point, a request
 * belongs to no tenant.
 * @param target encoded path and query
 */
export function findTenant(target: string, basePath: string | undefined): TenantPath {
  const none = { tenant: undefined, basePath }
  const path = pathOf(target)
  if (basePath === undefined) {
    const start = path.indexOf('/v2/')
    return start <= 0 ? none : tenantAt(path, path.lastIndexOf('/', start - 1) + 1, start)
  }
  if (!path.startsWith(`${basePath}/`)) return none
  const start = basePath.length + 1
  const end = path.indexOf('/', start)
  const isBelow = end >= 0 && path.startsWith('/v2/', end) && !path.startsWith('v2/', start)
  return isBelow ? tenantAt(path, start, end) : none
}

function tenantAt(path: string, start: number, end: number): TenantPath {
  return { tenant: decode(path.slice(start, end)), basePath: path.slice(0, end) }
}

function decode(segment: string): string {
  try {
    const name = decodeURIComponent(segment)
    return name.length > maximumNameLength ? '' : name
  } catch {
    return ''
  }
}
