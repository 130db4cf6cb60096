import type { JsonObject } from 'osb-protocol'
import type { ParametersDefinition } from './parameters.js'

const draft04 = 'http://json-schema.org/draft-04/schema#'
const maximumBytes = 65_536

/**
 * The JSON Schema that the catalog shows for parameters: draft 4 where it can be chosen, since that is what every
 * platform has to read (SCH-01), with `$schema` (SCH-03).
 * @param where names the offering, the plan and the place, for errors
 * @throws {TypeError} when there is no such form of the schema, or it is over 65,536 bytes of JSON (SCH-05, A10)
 */
export function toPublishedSchema(definition: ParametersDefinition, where: string): JsonObject {
  const schema = { $schema: draft04, ...jsonSchemaOf(definition, where) }
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length
  if (bytes > maximumBytes)
    throw new TypeError(`${where}: the schema has ${bytes} bytes, more than the ${maximumBytes} that are allowed`)
  return schema
}

function jsonSchemaOf(definition: ParametersDefinition, where: string): JsonObject {
  if (!('~standard' in definition)) return definition.jsonSchema
  try {
    return definition['~standard'].jsonSchema.input({ target: 'draft-04' })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(`${where}: the schema cannot be written as JSON Schema draft 4: ${reason}`, { cause })
  }
}
