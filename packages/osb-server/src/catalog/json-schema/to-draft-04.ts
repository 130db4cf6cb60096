// oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema is named then
import { type JsonObject, jsonPointer } from 'osb-protocol'
import { draft04Uri, draftOf, isObject } from 'osb-protocol/catalog'

type Path = readonly PropertyKey[]
type Json = Readonly<Record<string, unknown>>

/** What a keyword becomes: keywords of draft 4, and conditions that stand beside them. */
interface Converted {
  readonly own?: Json
  /** Schemas that have to hold as well; they end up in `allOf`. */
  readonly also?: readonly Json[]
}

type Convert = (value: unknown, path: Path, schema: Json) => Converted

const asIs =
  (name: string): Convert =>
  (value) => ({ own: { [name]: value } })
const subschema =
  (name: string): Convert =>
  (value, path) => ({ own: { [name]: convert(value, path) } })
const orBoolean =
  (name: string): Convert =>
  (value, path) =>
    typeof value === 'boolean' ? { own: { [name]: value } } : { own: { [name]: convert(value, path) } }
const subschemas =
  (name: string): Convert =>
  (value, path) => ({ own: { [name]: convertAll(value, path) } })
const byName =
  (name: string): Convert =>
  (value, path) => ({ own: { [name]: convertMap(value, path) } })
/** Draft 4 asks for at least one. */
const unlessEmpty =
  (name: string): Convert =>
  (value) =>
    Array.isArray(value) && value.length === 0 ? {} : { own: { [name]: value } }
const exclusive =
  (bound: 'minimum' | 'maximum', name: 'exclusiveMinimum' | 'exclusiveMaximum'): Convert =>
  (value) => ({ also: [{ [bound]: value, [name]: true }] })
const drop: Convert = () => ({})
const refuse: Convert = (_value, path) => {
  throw new TypeError(`${jsonPointer(path)} has no counterpart in draft 4`)
}

/** Keyword of draft 7 → what it is in draft 4. Keywords that are not here say nothing about values and stay. */
const conversions: Readonly<Record<string, Convert>> = {
  $schema: drop,
  $id: (value) => ({ own: { id: value } }),
  definitions: byName('definitions'),
  $defs: byName('$defs'),
  properties: byName('properties'),
  patternProperties: byName('patternProperties'),
  additionalProperties: orBoolean('additionalProperties'),
  additionalItems: orBoolean('additionalItems'),
  items: (value, path) => (Array.isArray(value) ? subschemas('items') : subschema('items'))(value, path, {}),
  allOf: (value, path) => ({ also: convertAll(value, path) }),
  anyOf: subschemas('anyOf'),
  oneOf: subschemas('oneOf'),
  not: subschema('not'),
  required: unlessEmpty('required'),
  dependencies: (value, path) => ({ own: { dependencies: convertDependencies(value, path) } }),
  const: (value, _path, { enum: values }) =>
    values === undefined ? { own: { enum: [value] } } : { also: [{ enum: [value] }] },
  exclusiveMinimum: exclusive('minimum', 'exclusiveMinimum'),
  exclusiveMaximum: exclusive('maximum', 'exclusiveMaximum'),
  contains: (value, path) => ({
    also: [{ not: { type: 'array', items: { not: convert(value, path) } } }],
  }),
  propertyNames: (value, path) => ({ also: convertNames(value, path) }),
  if: (value, path, { then: then_ = true, else: else_ = true }) => {
    const condition = convert(value, path)
    const place = path.slice(0, -1)
    return {
      also: [
        { anyOf: [{ not: condition }, convert(then_, [...place, 'then'])] },
        { anyOf: [condition, convert(else_, [...place, 'else'])] },
      ],
    }
  },
  then: drop,
  else: drop,
  // Of later drafts: a library that writes them for draft 7 means something by them.
  prefixItems: refuse,
  unevaluatedItems: refuse,
  unevaluatedProperties: refuse,
  minContains: refuse,
  maxContains: refuse,
  dependentRequired: refuse,
  dependentSchemas: refuse,
  $recursiveRef: refuse,
  $dynamicRef: refuse,
}

/**
 * Writes a JSON Schema of draft 7 as one of draft 4 that takes the same values.
 * @throws {TypeError} that names the place of what draft 4 cannot say
 */
export function toDraft04(schema: JsonObject): JsonObject {
  const { $schema } = schema
  const draft = draftOf($schema)
  if ($schema !== undefined && draft !== '6' && draft !== '7')
    throw new TypeError('its draft is none that can be converted')
  return { $schema: draft04Uri, ...convert(schema, []) }
}

function convert(schema: unknown, path: Path): Json {
  if (schema === true) return {}
  if (schema === false) return { not: {} }
  if (!isObject(schema)) throw new TypeError(`${jsonPointer(path) || 'the schema'} is not a schema`)
  if (path.length > 100) throw new TypeError(`${jsonPointer(path)} is nested too deep`)
  const parts = Object.entries(schema).map(([name, value]) => {
    const conversion = Object.hasOwn(conversions, name) ? conversions[name] : undefined
    return (conversion ?? asIs(name))(value, [...path, name], schema)
  })
  const own = Object.assign({}, ...parts.map((part) => part.own)) as Json
  const also = parts.flatMap((part) => part.also ?? [])
  return also.length === 0 ? own : { ...own, allOf: also }
}

function convertAll(value: unknown, path: Path): Json[] {
  if (!Array.isArray(value)) throw new TypeError(`${jsonPointer(path)} is not an array of schemas`)
  return value.map((schema, index) => convert(schema, [...path, index]))
}

function convertMap(value: unknown, path: Path): Json {
  if (!isObject(value)) throw new TypeError(`${jsonPointer(path)} is not an object of schemas`)
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, convert(schema, [...path, name])]))
}

function convertDependencies(value: unknown, path: Path): Json {
  if (!isObject(value)) throw new TypeError(`${jsonPointer(path)} is not an object`)
  const kept = Object.entries(value).filter(([, needed]) => !(Array.isArray(needed) && needed.length === 0))
  return Object.fromEntries(
    kept.map(([name, needed]) => [name, Array.isArray(needed) ? needed : convert(needed, [...path, name])]),
  )
}

/** Draft 4 can list the names of properties, or give them a pattern; no more than that. */
function convertNames(value: unknown, path: Path): Json[] {
  if (value === true) return []
  const { type = 'string', ...more } = isObject(value) ? value : { no: value }
  const kinds = Object.keys(more)
  if (type !== 'string' || kinds.length > 1) throw new TypeError(`${jsonPointer(path)} has no counterpart in draft 4`)
  if (kinds.length === 0) return []
  const { pattern, enum: names = 'const' in more ? [more['const']] : undefined } = more as Json
  if (typeof pattern === 'string') return [{ patternProperties: { [pattern]: {} }, additionalProperties: false }]
  if (!Array.isArray(names)) throw new TypeError(`${jsonPointer(path)} has no counterpart in draft 4`)
  return [{ properties: Object.fromEntries(names.map((name) => [name, {}])), additionalProperties: false }]
}
