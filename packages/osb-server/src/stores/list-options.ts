import type { ListOptions } from './broker-store.js'

const defaultLimit = 100
const maxLimit = 1000

/** The place after which a page begins: tenant, instance, binding (undefined for an instance), as the store orders them. */
export type Place = readonly [tenant: string, instance: string, binding?: string]

/** A listing whose options have been checked. */
export interface Listing {
  readonly tenant?: string | undefined
  readonly instance_id?: string | undefined
  readonly only?: 'instances' | 'bindings' | undefined
  readonly inProgress: boolean
  readonly limit: number
  readonly after?: Place | undefined
}

/**
 * Checks the options of a listing and fills in the defaults.
 * @throws RangeError for a limit out of bounds, TypeError for a foreign `after` or an instance without its tenant
 */
export function toListing(options: ListOptions = {}): Listing {
  const { tenant, instance_id, only, inProgress = false, limit = defaultLimit, after } = options
  if (instance_id !== undefined && tenant === undefined) {
    throw new TypeError('list: instance_id needs tenant')
  }
  checkLimit(limit, maxLimit)
  return { tenant, instance_id, only, inProgress, limit, after: after === undefined ? undefined : toPlace(after) }
}

/** @throws RangeError unless the limit is a whole number from 1 to `max` */
export function checkLimit(limit: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new RangeError(`limit must be a whole number from 1 to ${max}`)
  }
}

/** The `next` of a page that ends at a place. */
export function toNext(place: Place): string {
  return JSON.stringify(place)
}

function toPlace(next: string): Place {
  const place = parse(next)
  if (!Array.isArray(place) || place.length < 2 || place.length > 3 || place.some((part) => typeof part !== 'string')) {
    throw new TypeError('list: after must be the next of another page')
  }
  return place as unknown as Place
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
