import { OsbError } from '../errors.js'

const maximumDepth = 100

/**
 * Refuses JSON that is nested deeper than anything reads it (100 levels), or that names `__proto__`: code that copies
 * such a key by assignment would change the prototype of its copy.
 * @throws {OsbError} 400
 */
export function checkJson(value: unknown, depth = 1): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > maximumDepth) throw OsbError.badRequest(`The body is nested more than ${maximumDepth} levels deep.`)
  if (Array.isArray(value)) {
    for (const item of value) checkJson(item, depth + 1)
    return
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw OsbError.badRequest('The body must not have a key named __proto__.')
    checkJson((value as Readonly<Record<string, unknown>>)[key], depth + 1)
  }
}
