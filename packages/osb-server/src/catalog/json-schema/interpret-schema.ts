import { type OutputUnit, type SchemaDraft, Validator } from '@cfworker/json-schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { jsonPointer, type JsonObject } from 'osb-protocol'
import { type Draft, readSchema, type SchemaFault } from 'osb-protocol/catalog'
import { issuesOf } from './issues-of.js'
import { judgePattern } from './judge-pattern.js'

const validatorDrafts: Readonly<Record<Draft, SchemaDraft>> = {
  '4': '4',
  '6': '7',
  '7': '7',
  '2019-09': '2019-09',
  '2020-12': '2020-12',
}

const known = new WeakMap<JsonObject, StandardSchemaV1<unknown, JsonObject>>()

/**
 * A validator that goes by a JSON Schema of the draft that its `$schema` names (default: draft 4); made once for each
 * schema object. Standard formats are checked; formats and keywords that its draft does not know have no effect.
 * Defaults are not filled in.
 * @throws {TypeError} when the schema is not valid; `lintCatalog` says the same of a catalog
 */
export function interpretSchema(jsonSchema: JsonObject): StandardSchemaV1<unknown, JsonObject> {
  const made = known.get(jsonSchema) ?? makeValidator(jsonSchema)
  known.set(jsonSchema, made)
  return made
}

function makeValidator(jsonSchema: JsonObject): StandardSchemaV1<unknown, JsonObject> {
  const { draft, schema, faults: found, patterns } = readSchema(jsonSchema)
  const faults = [...found, ...patterns.flatMap(patternFaults)]
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${jsonPointer(path) || 'the schema'} ${message}`)
    throw new TypeError(`the JSON Schema is not valid: ${list.join('; ')}`)
  }
  const first = new Validator(schema, validatorDrafts[draft])
  const all = new Validator(schema, validatorDrafts[draft], false)

  function validate(value: unknown): StandardSchemaV1.Result<JsonObject> {
    const issues = findIssues(first, all, value)
    return issues ? { issues } : { value: value as JsonObject }
  }

  return { '~standard': { version: 1, vendor: 'osb-server', validate } }
}

/** Patterns run on what strangers send, so that they must not take longer and longer. */
export function patternFaults({ path, pattern }: { path: readonly PropertyKey[]; pattern: string }): SchemaFault[] {
  if (judgePattern(pattern) !== 'unbounded') return []
  const message =
    'is not shown to backtrack within bounds; write it so that a text can match in one way only, with limits such ' +
    'as {1,64} for * and +, or leave it out and check with a validator of your own'
  return [{ rule: 'OSB-PATTERN', path, message }]
}

function findIssues(first: Validator, all: Validator, value: unknown): readonly StandardSchemaV1.Issue[] | undefined {
  try {
    const { valid, errors } = first.validate(value)
    return valid ? undefined : issuesOf(allErrors(all, value) ?? errors)
  } catch (error) {
    // Keys are encoded as parts of a URI fragment, which half of a surrogate pair cannot be.
    if (error instanceof URIError) return [{ message: 'has a key that is not well-formed Unicode' }]
    throw error
  }
}

/** The list of all errors is passed on as function arguments, of which there can be too many. */
function allErrors(all: Validator, value: unknown): readonly OutputUnit[] | undefined {
  try {
    return all.validate(value).errors
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
