import { isObject } from './check-value.js'

type Path = readonly PropertyKey[]
type Json = Readonly<Record<string, unknown>>

/** A place of a schema that takes less than it did. */
export interface Narrowing {
  /** In the schema of after. */
  readonly path: Path
  readonly message: string
}

const deepest = 50

const upper = ['maximum', 'maxLength', 'maxItems', 'maxProperties'] as const
const lower = ['minimum', 'minLength', 'minItems', 'minProperties'] as const
/** Conditions of which it is only seen that they are new or other ones. */
const opaque =
  `pattern format const multipleOf exclusiveMinimum exclusiveMaximum uniqueItems $ref not allOf anyOf oneOf if then else
  contains propertyNames patternProperties dependencies dependentRequired dependentSchemas unevaluatedProperties
  unevaluatedItems`.split(/\s+/)

/**
 * Where a schema takes less than it did before, as far as the keywords tell. Conditions that are combined, such as
 * those of `anyOf`, are only seen to be other ones.
 */
export function findNarrowings(before: unknown, after: unknown, path: Path = []): Narrowing[] {
  if (path.length > deepest || after === true || before === false) return []
  if (after === false) return [{ path, message: 'takes nothing any more' }]
  const old = isObject(before) ? before : {}
  if (!isObject(after)) return []
  return [
    ...narrowedTypes(old, after, path),
    ...narrowedValues(old, after, path),
    ...narrowedLimits(old, after, path),
    ...changedConditions(old, after, path),
    ...narrowedProperties(old, after, path),
    ...(isObject(old['items']) || isObject(after['items']) ? inside('items', old, after, path) : []),
    ...['definitions', '$defs'].flatMap((name) => insideEach(name, old, after, path)),
  ]
}

function narrowedTypes(before: Json, after: Json, path: Path): Narrowing[] {
  const now = typesOf(after)
  if (now === undefined) return []
  const isTaken = (type: unknown) => now.includes(type) || (type === 'integer' && now.includes('number'))
  const gone = typesOf(before)?.filter((type) => !isTaken(type))
  if (gone?.length === 0) return []
  const message = gone ? `does not take the type ${gone.join(', ')} any more` : 'takes certain types only'
  return [{ path: [...path, 'type'], message }]
}

function typesOf({ type }: Json): unknown[] | undefined {
  return type === undefined ? undefined : [type].flat()
}

function narrowedValues(before: Json, after: Json, path: Path): Narrowing[] {
  const now = after['enum']
  if (!Array.isArray(now)) return []
  const texts = new Set(now.map((value) => JSON.stringify(value)))
  const old = before['enum']
  const gone = Array.isArray(old) ? old.map((value) => JSON.stringify(value)).filter((text) => !texts.has(text)) : []
  if (Array.isArray(old) && gone.length === 0) return []
  const message = Array.isArray(old) ? `does not take ${gone.join(', ')} any more` : 'takes certain values only'
  return [{ path: [...path, 'enum'], message }]
}

function narrowedLimits(before: Json, after: Json, path: Path): Narrowing[] {
  const limit = (schema: Json, name: string, none: number) => (typeof schema[name] === 'number' ? schema[name] : none)
  return [
    ...upper.filter((name) => limit(after, name, Infinity) < limit(before, name, Infinity)),
    ...lower.filter((name) => limit(after, name, -Infinity) > limit(before, name, -Infinity)),
  ].map((name) => ({ path: [...path, name], message: 'is a narrower limit than before' }))
}

function changedConditions(before: Json, after: Json, path: Path): Narrowing[] {
  return opaque
    .filter((name) => after[name] !== undefined && JSON.stringify(after[name]) !== JSON.stringify(before[name]))
    .filter((name) => after[name] !== false || name.startsWith('unevaluated'))
    .map((name) => ({ path: [...path, name], message: 'is another condition than before' }))
}

function narrowedProperties(before: Json, after: Json, path: Path): Narrowing[] {
  const [old, now] = [propertiesOf(before), propertiesOf(after)]
  const required = (schema: Json) => (Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [])
  const demanded = required(after).filter((name) => !required(before).includes(name))
  const open = after['additionalProperties'] !== false
  const gone = open ? [] : Object.keys(old).filter((name) => !Object.hasOwn(now, name))
  const closed = !open && before['additionalProperties'] !== false
  return [
    ...demanded.map((name) => ({ path: [...path, 'required'], message: `demands ${String(name)}` })),
    ...gone.map((name) => ({ path: [...path, 'properties'], message: `does not take ${name} any more` })),
    ...(closed ? [{ path: [...path, 'additionalProperties'], message: 'takes no other properties any more' }] : []),
    ...insideEach('properties', before, after, path),
  ]
}

function propertiesOf({ properties }: Json): Json {
  return isObject(properties) ? properties : {}
}

function inside(name: string, before: Json, after: Json, path: Path): Narrowing[] {
  return after[name] === undefined ? [] : findNarrowings(before[name], after[name], [...path, name])
}

/**
 * A new name is compared with what others were before. Where they were anything, it is not: that a new property has a
 * form is no surprise to those who never sent it.
 */
function insideEach(name: string, before: Json, after: Json, path: Path): Narrowing[] {
  const [old, now] = [before[name], after[name]]
  if (!isObject(now)) return []
  const others = name === 'properties' ? before['additionalProperties'] : undefined
  return Object.entries(now).flatMap(([key, schema]) => {
    const was = isObject(old) && Object.hasOwn(old, key) ? old[key] : others
    return was === undefined ? [] : findNarrowings(was, schema, [...path, name, key])
  })
}
