import type { StandardSchemaV1 } from '@standard-schema/spec'
import { jsonPointer } from 'osb-protocol'
import { OsbError, type RequestIssue } from '../errors.js'
import { isPromise } from '../is-promise.js'
import { hideValues } from './hide-values.js'
import type { ParametersDefinition } from './parameters.js'
import { validatorOf } from './validator-of.js'

const maximumIssues = 20

/**
 * Parses parameters by a plan's definition; without one they stay as they are. Parse `{}` where a request has none, so
 * that required ones are missed and defaults are filled in.
 * @returns what the schema makes of them, defaults included
 * @throws {OsbError} 400 with a JSON pointer below `/parameters` for each fault, never the value (PROV-11, UPD-13,
 *   BIND-16)
 */
export async function parseParameters(definition: ParametersDefinition | undefined, value: unknown): Promise<unknown> {
  return parseParametersNow(definition, value)
}

/** The same, with a promise only where a schema gives one. */
export function parseParametersNow(definition: ParametersDefinition | undefined, value: unknown): unknown {
  if (definition === undefined) return value
  const result = validatorOf(definition)['~standard'].validate(value)
  return isPromise(result) ? result.then((settled) => valueOf(settled, value)) : valueOf(result, value)
}

function valueOf(result: StandardSchemaV1.Result<unknown>, value: unknown): unknown {
  if (!result.issues) return result.value
  const issues = result.issues.slice(0, maximumIssues).map((issue) => requestIssue(issue, value))
  throw OsbError.badRequest('The parameters are not valid', issues)
}

function requestIssue({ path = [], message }: StandardSchemaV1.Issue, parameters: unknown): RequestIssue {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment))
  return { pointer: jsonPointer(['parameters', ...keys]), message: hideValues(message, valueAt(parameters, keys)) }
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | undefined | null)?.[key],
    value,
  )
}
