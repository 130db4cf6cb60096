import type { StandardSchemaV1 } from '@standard-schema/spec'
import { interpretSchema } from '../catalog/json-schema/interpret-schema.js'
import type { ParametersDefinition } from './parameters.js'

/** What validates parameters: the definition itself, the schema in it, or its JSON Schema where it has nothing else. */
export function validatorOf(definition: ParametersDefinition): StandardSchemaV1 {
  if ('~standard' in definition) return definition
  return definition.schema ?? interpretSchema(definition.jsonSchema)
}
