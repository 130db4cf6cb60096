import type { JsonObject } from 'osb-protocol'
import { isJsonObject } from '../operations/read-json-object.js'
import { keyOf, textOf } from './write-text.js'

const deepest = 24
const anything = 'unknown'

/**
 * The TypeScript type of the values that a JSON Schema (draft 4 to 2020-12) takes, as far as types can say it; what they
 * cannot say (lengths, patterns, conditions …) is left to the broker. The same schema gives the same text, whatever the
 * order of its properties.
 */
export function typeOfSchema(schema: unknown): string {
  return typeAt(schema, { root: schema, depth: 0, within: [] })
}

interface Place {
  readonly root: unknown
  readonly depth: number
  /** References that lead here; a schema within itself is cut there. */
  readonly within: readonly string[]
}

function typeAt(schema: unknown, place: Place): string {
  if (schema === false) return 'never'
  if (!isJsonObject(schema) || place.depth > deepest) return anything
  const inner = { ...place, depth: place.depth + 1 }
  const parts = [plainType(schema, inner)]
  const { $ref, allOf, anyOf, oneOf } = schema
  if (typeof $ref === 'string') parts.push(referredType($ref, inner))
  if (Array.isArray(allOf)) parts.push(...allOf.map((each) => typeAt(each, inner)))
  for (const choice of [anyOf, oneOf])
    if (Array.isArray(choice)) parts.push(unionOf(choice.map((each) => typeAt(each, inner))))
  return intersectionOf(parts)
}

function plainType(schema: JsonObject, place: Place): string {
  if ('const' in schema) return literal(schema['const'])
  const { type } = schema
  if (Array.isArray(schema['enum'])) return unionOf(schema['enum'].map(literal))
  if (Array.isArray(type)) return unionOf(type.map((each) => namedType(each, schema, place)))
  if (type !== undefined) return namedType(type, schema, place)
  return 'properties' in schema ? objectType(schema, place) : anything
}

function namedType(type: unknown, schema: JsonObject, place: Place): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return isJsonObject(schema['items']) ? `readonly (${typeAt(schema['items'], place)})[]` : 'readonly unknown[]'
    case 'object':
      return objectType(schema, place)
    default:
      return anything
  }
}

function objectType({ properties, required, additionalProperties }: JsonObject, place: Place): string {
  const names = isJsonObject(properties) ? Object.keys(properties).toSorted() : []
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
  const fields = names.map((name) => {
    const schema = (properties as JsonObject)[name]
    return `readonly ${keyOf(name)}${isRequired(name) ? '' : '?'}: ${typeAt(schema, place)}`
  })
  if (additionalProperties === false) return fields.length > 0 ? `{ ${fields.join('; ')} }` : 'Record<string, never>'
  // An index signature rules the named fields too, so it can be narrow only where there are none.
  const rest = names.length === 0 && isJsonObject(additionalProperties) ? typeAt(additionalProperties, place) : anything
  return `{ ${[...fields, `readonly [name: string]: ${rest}`].join('; ')} }`
}

/** Only references within the schema are allowed (SCH-04). */
function referredType(reference: string, place: Place): string {
  if (!reference.startsWith('#') || place.within.includes(reference)) return anything
  let at = place.root
  for (const step of reference.slice(1).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return typeAt(at, { ...place, within: [...place.within, reference] })
}

function literal(value: unknown): string {
  if (typeof value === 'string') return textOf(value)
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? String(value) : anything
}

function unionOf(types: readonly string[]): string {
  if (types.length === 0) return 'never'
  return types.includes(anything) ? anything : joined(types, ' | ')
}

function intersectionOf(types: readonly string[]): string {
  const said = types.filter((type) => type !== anything)
  return said.length === 0 ? anything : joined(said, ' & ')
}

function joined(types: readonly string[], sign: string): string {
  const different = [...new Set(types)]
  const [only = 'never'] = different
  return different.length === 1 ? only : `(${different.join(sign)})`
}
