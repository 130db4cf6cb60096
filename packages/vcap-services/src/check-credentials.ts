import type { BoundService } from './bound-service.js'
import { VcapError, type CredentialsIssue } from './errors.js'
import { toPointer } from './pointer.js'
import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js'
import { isRecord, kindOf } from './structure.js'

/**
 * The credentials of a service as a schema returns them.
 *
 * @throws {VcapError} `CREDHUB_REF`; `INVALID_CREDENTIALS` with the places that do not fit; `ASYNC_SCHEMA`.
 */
export function checkCredentials<Output>(service: BoundService, schema: StandardSchema<Output>): Output {
  const credentials = { ...service.credentials }
  const result = validate(schema, credentials, service)
  if (result.issues === undefined) return result.value
  // Messages of validators quote what they found ("received ..."), so only places and kinds are taken over.
  const issues = result.issues.map((issue) => toCredentialsIssue(issue, credentials))
  const places = issues.map(({ path, found }) => (path === '' ? 'as a whole' : `${path} (${found})`)).join(', ')
  throw new VcapError('INVALID_CREDENTIALS', `${about(service)} do not fit the schema: ${places}`, { issues })
}

function validate<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
  service: BoundService,
): StandardResult<Output> {
  let result
  try {
    result = schema['~standard'].validate(value)
  } catch {
    // What a validator throws may quote the value: `new URL(...)` does.
    throw new VcapError('INVALID_CREDENTIALS', `${about(service)} made the schema throw`, { issues: [] })
  }
  if (!(result instanceof Promise)) return result
  result.catch(() => undefined)
  throw new VcapError('ASYNC_SCHEMA', 'the schema is asynchronous; credentials are read with a synchronous one')
}

function toCredentialsIssue({ path = [] }: StandardIssue, credentials: unknown): CredentialsIssue {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment))
  const found = keys.reduce<unknown>(
    (value, key) =>
      isRecord(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    credentials,
  )
  return { path: toPointer(keys), found: kindOf(found) }
}

function about(service: BoundService): string {
  return `the credentials of ${JSON.stringify(service.name ?? service.label)}`
}
