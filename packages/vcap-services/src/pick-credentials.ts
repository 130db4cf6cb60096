import type { BoundService } from './bound-service.js'
import { VcapError, type CredentialsIssue } from './errors.js'
import { mask } from './mask.js'
import { fromPointer, toPointer } from './pointer.js'
import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js'
import { isRecord, kindOf } from './structure.js'

/** Where credentials lie inside the object: a JSON pointer (`/auth/token`), or its keys. */
export type CredentialsPath = string | readonly (string | number)[]

/**
 * What lies at a path of a service's credentials, checked by a schema if there is one.
 *
 * @throws {VcapError} `CREDHUB_REF`; `INVALID_CREDENTIALS` with the places that do not fit; `ASYNC_SCHEMA`.
 */
export function pickCredentials(service: BoundService, schema?: StandardSchema, path: CredentialsPath = []): unknown {
  const keys = typeof path === 'string' ? fromPointer(path) : path
  const picked = valueAt(service.credentials, keys)
  const value = isRecord(picked) ? { ...picked } : picked
  const isThere = picked !== undefined
  if (isThere && schema === undefined) return isRecord(picked) ? mask(picked) : picked
  const result = isThere && schema !== undefined ? validate(schema, value, service) : { issues: [{}] }
  if (result.issues === undefined) return result.value
  // Messages of validators quote what they found ("received ..."), so only places and kinds are taken over.
  const issues = result.issues.map((issue) => toCredentialsIssue(issue, value, keys))
  const places = issues.map(({ path: at, found }) => (at === '' ? 'as a whole' : `${at} (${found})`)).join(', ')
  throw new VcapError('INVALID_CREDENTIALS', `${about(service)} do not fit: ${places}`, { issues })
}

function validate(schema: StandardSchema, value: unknown, service: BoundService): StandardResult<unknown> {
  let result
  try {
    result = schema['~standard'].validate(value)
  } catch {
    // What a validator throws may quote the value: `new URL(...)` does.
    throw new VcapError('INVALID_CREDENTIALS', `${about(service)} made the schema throw`, { issues: [] })
  }
  if (!(result instanceof Promise)) return result
  result.catch(() => undefined)
  throw new VcapError('ASYNC_SCHEMA', 'credentials cannot be read with an asynchronous schema')
}

function toCredentialsIssue(
  { path = [] }: StandardIssue,
  value: unknown,
  above: readonly PropertyKey[],
): CredentialsIssue {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment))
  return { path: toPointer([...above, ...keys]), found: kindOf(valueAt(value, keys)) }
}

/** Only own fields count: a schema of any library may name `constructor`. */
function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (outer, key) =>
      typeof outer === 'object' && outer !== null && Object.hasOwn(outer, key)
        ? (outer as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )
}

function about(service: BoundService): string {
  return `the credentials of ${JSON.stringify(service.name ?? service.label)}`
}
