import type { JsonObject } from 'osb-protocol'
import { draft04Uri, draftOf } from 'osb-protocol/catalog'
import { toDraft04 } from '../catalog/json-schema/to-draft-04.js'
import type { ParametersDefinition } from './parameters.js'

const maximumBytes = 65_536

/**
 * The JSON Schema that the catalog shows for parameters: draft 4, since that is what every platform has to read
 * (SCH-01), with `$schema` (SCH-03). A schema that comes beside a validator, or alone, keeps the draft that it names.
 * @param where names the offering, the plan and the place, for errors
 * @throws {TypeError} when there is no such form of the schema, or it is over 65,536 bytes of JSON (SCH-05, A10)
 */
export function toPublishedSchema(definition: ParametersDefinition, where: string): JsonObject {
  const schema = { $schema: draft04Uri, ...jsonSchemaOf(definition, where) }
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length
  if (bytes > maximumBytes)
    throw new TypeError(`${where}: the schema has ${bytes} bytes, more than the ${maximumBytes} that are allowed`)
  return schema
}

function jsonSchemaOf(definition: ParametersDefinition, where: string): JsonObject {
  if (!('~standard' in definition)) return definition.jsonSchema
  const { jsonSchema } = definition['~standard']
  try {
    return askForDraft04(jsonSchema.input) ?? toDraft04(jsonSchema.input({ target: 'draft-07' }))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(`${where}: the schema cannot be written as JSON Schema draft 4: ${reason}`, { cause })
  }
}

type ToInput = (options: { readonly target: 'draft-04' | 'draft-07' }) => JsonObject

/** Libraries need not know draft 4: they throw then, or answer with another draft. */
function askForDraft04(toInput: ToInput): JsonObject | undefined {
  try {
    const schema = toInput({ target: 'draft-04' })
    return draftOf(schema['$schema']) === '4' ? schema : undefined
  } catch {
    return undefined
  }
}
