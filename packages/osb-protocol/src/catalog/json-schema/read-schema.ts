// oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema is named then
import { jsonPointer } from '../../requirements.js'
import { checkPattern, checkValue, isObject } from './check-value.js'
import { type Draft, draftOf } from './drafts.js'
import { dynamicKeywords, keywordOf, type KeywordShape } from './keywords.js'
import { referenceFaults } from './references.js'
import type { SchemaFault, Subschema } from './schema-parts.js'

type Path = readonly PropertyKey[]
type Json = Record<string, unknown>

/** A schema as it is worked with. */
export interface ReadSchema {
  readonly draft: Draft
  /** A copy with the keywords that have an effect in its draft, and no others. */
  readonly schema: Json | boolean
  readonly patterns: readonly { readonly path: Path; readonly pattern: string }[]
  readonly faults: readonly SchemaFault[]
}

const deepest = 100
const mostDifferentItems = 2000
const standardFormats: ReadonlySet<unknown> = new Set([
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'regex',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
])

interface Reading {
  readonly draft: Draft
  readonly patterns: { path: Path; pattern: string }[]
  readonly faults: SchemaFault[]
  readonly subschemas: Map<string, Subschema>
}

/**
 * Reads a JSON Schema by its `$schema`: what it says, and what is wrong with it. Keywords that its draft does not know
 * have no effect, as the specification has it.
 * @param schema of which `$schema` has been found to be a draft that can be read, else it is read as draft 4
 */
export function readSchema(schema: unknown): ReadSchema {
  const draft = (isObject(schema) ? draftOf(schema['$schema']) : undefined) ?? '4'
  const reading: Reading = { draft, patterns: [], faults: [], subschemas: new Map() }
  const copy = readSubschema(reading, schema, [])
  const faults = [...reading.faults, ...referenceFaults(reading.subschemas)]
  return { draft, schema: copy, patterns: reading.patterns, faults }
}

function readSubschema(reading: Reading, schema: unknown, path: Path): Json | boolean {
  if (typeof schema === 'boolean' && reading.draft !== '4') return note(reading, path, schema)
  if (!isObject(schema)) {
    const wanted = reading.draft === '4' ? 'an object' : 'an object, true or false'
    return fault(reading, path, `must be a schema: ${wanted}`)
  }
  if (path.length > deepest) return fault(reading, path, `is nested more than ${deepest} levels deep`, 'OSB-DEPTH')
  const inPlace: string[] = []
  const copy: Json = {}
  for (const [name, value] of Object.entries(schema)) {
    const here = [...path, name]
    if (dynamicKeywords.includes(name)) fault(reading, here, 'is not supported; write $ref')
    const keyword = keywordOf(name, reading.draft)
    if (!keyword) continue
    copy[name] = readValue(reading, keyword.shape, value, here)
    if (keyword.inPlace) inPlace.push(...placesOf(keyword.shape, value, here))
  }
  return note(reading, path, toWork(copy), { copy, inPlace })
}

/** Remembers where a schema is, for references to it. */
function note(
  { subschemas }: Reading,
  path: Path,
  schema: Json | boolean,
  { copy = {}, inPlace = [] }: { copy?: Json; inPlace?: readonly string[] } = {},
): Json | boolean {
  const named = copy['$anchor'] ?? copy['$id'] ?? copy['id']
  const anchor = typeof named === 'string' ? named.replace(/^#/, '') : undefined
  const isAnchor = copy['$anchor'] !== undefined || (typeof named === 'string' && named.startsWith('#'))
  const reference = typeof copy['$ref'] === 'string' ? copy['$ref'] : undefined
  subschemas.set(jsonPointer(path), { path, reference, anchor: isAnchor ? anchor : undefined, inPlace })
  return schema
}

/**
 * The copy that is validated by. A schema's own address would change what `#` means in it, so it is left out. Formats
 * of no standard are, too: the validator's own `url` backtracks without bound. Items are compared each with each, so
 * that arrays whose items must differ are refused when they are very long.
 */
function toWork({ id, $id, format, uniqueItems, ...rest }: Json): Json {
  const allOf = Array.isArray(rest['allOf']) ? (rest['allOf'] as unknown[]) : []
  const fewItems = { maxItems: mostDifferentItems }
  return {
    ...rest,
    ...(isAnchor(id) ? { id } : {}),
    ...(isAnchor($id) ? { $id } : {}),
    ...(standardFormats.has(format) ? { format } : {}),
    ...(uniqueItems === true ? { allOf: [...allOf, { if: fewItems, then: { uniqueItems }, else: fewItems }] } : {}),
  }
}

function isAnchor(id: unknown): boolean {
  return typeof id === 'string' && /^#[^/]/.test(id)
}

/** What stands in the place of what is wrong has no effect. */
function fault({ faults }: Reading, path: Path, message: string, rule = 'OSB-SCHEMA'): true {
  faults.push({ rule, path, message })
  return true
}

function readValue(reading: Reading, shape: KeywordShape, value: unknown, path: Path): unknown {
  const wrong = checkValue(shape, value)
  if (wrong !== undefined) return fault(reading, path, wrong, shape === 'pattern' ? 'OSB-PATTERN' : undefined)
  const read = readers[shape]
  return read ? read(reading, value, path) : value
}

type Reader = (reading: Reading, value: unknown, path: Path) => unknown

/** Shapes that have something in them to read. */
const readers: Partial<Record<KeywordShape, Reader>> = {
  pattern: (reading, value, path) => {
    reading.patterns.push({ path, pattern: value as string })
    return value
  },
  schema: readSubschema,
  booleanOrSchema: (reading, value, path) => (typeof value === 'boolean' ? value : readSubschema(reading, value, path)),
  schemaOrSchemas: (reading, value, path) => (Array.isArray(value) ? readSchemas : readSubschema)(reading, value, path),
  schemas: readSchemas,
  schemaMap: readMap,
  schemaMapByPattern: (reading, value, path) => {
    if (isObject(value)) for (const pattern of Object.keys(value)) readPropertyPattern(reading, pattern, path)
    return readMap(reading, value, path)
  },
  schemaOrNames: readDependencies,
}

function readPropertyPattern(reading: Reading, pattern: string, path: Path): void {
  const wrong = checkPattern(pattern)
  if (wrong === undefined) reading.patterns.push({ path: [...path, pattern], pattern })
  else fault(reading, [...path, pattern], wrong, 'OSB-PATTERN')
}

function readSchemas(reading: Reading, value: unknown, path: Path): unknown {
  if (!Array.isArray(value)) return fault(reading, path, 'must be an array of schemas')
  return value.map((schema, index) => readSubschema(reading, schema, [...path, index]))
}

function readMap(reading: Reading, value: unknown, path: Path): unknown {
  if (!isObject(value)) return fault(reading, path, 'must be an object of schemas')
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, readSubschema(reading, schema, [...path, name])]),
  )
}

function readDependencies(reading: Reading, value: unknown, path: Path): unknown {
  if (!isObject(value)) return fault(reading, path, 'must be an object of schemas, or of arrays of strings')
  return Object.fromEntries(
    Object.entries(value).map(([name, needed]) => {
      const here = [...path, name]
      if (!Array.isArray(needed)) return [name, readSubschema(reading, needed, here)]
      return [name, checkValue('strings', needed) ? fault(reading, here, 'must be an array of strings') : needed]
    }),
  )
}

function placesOf(shape: KeywordShape, value: unknown, path: Path): string[] {
  if (shape === 'reference') return []
  if (shape === 'schema') return [jsonPointer(path)]
  return Object.keys(Object(value)).map((key) => jsonPointer([...path, key]))
}
