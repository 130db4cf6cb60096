import type { JsonObject } from 'osb-protocol'

/** A schema with the one it is part of, which its references point into. */
interface Located {
  readonly schema: JsonObject
  readonly root: JsonObject
}

/**
 * Parameters without what one of the schemas marks as `writeOnly`, however deep; undefined if that is all of them. When in
 * doubt which branch or pattern of a schema a value belongs to, it belongs to all.
 */
export function hideWriteOnly(schemas: readonly JsonObject[], parameters: JsonObject): JsonObject | undefined {
  const shown = readable(
    parameters,
    schemas.flatMap((schema) => applying({ schema, root: schema })),
  )
  return shown as JsonObject | undefined
}

/** The part of a value that may be shown; undefined for none. */
function readable(value: unknown, schemas: readonly Located[]): unknown {
  if (schemas.some(({ schema }) => schema['writeOnly'] === true)) return undefined
  if (schemas.length === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.flatMap((item, index) => {
      const shown = readable(
        item,
        schemas.flatMap((located) => forItem(located, index)),
      )
      return shown === undefined ? [] : [shown]
    })
  const entries = Object.entries(value).flatMap(([name, member]) => {
    const shown = readable(
      member,
      schemas.flatMap((located) => forMember(located, name)),
    )
    return shown === undefined ? [] : [[name, shown] as const]
  })
  return Object.fromEntries(entries)
}

function forMember({ schema, root }: Located, name: string): Located[] {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : []
  const patterns = isObject(patternProperties) ? Object.values(patternProperties) : []
  const rest = own.length > 0 ? [] : [additionalProperties, unevaluatedProperties]
  return within(root, [...own, ...patterns, ...rest])
}

function forItem({ schema, root }: Located, index: number): Located[] {
  const { items, prefixItems, additionalItems, unevaluatedItems, contains } = schema
  const places = [items, prefixItems].flatMap((list) => (Array.isArray(list) ? [list[index] as unknown] : []))
  return within(root, [...places, items, additionalItems, unevaluatedItems, contains])
}

function within(root: JsonObject, schemas: readonly unknown[]): Located[] {
  return schemas.flatMap((schema) => (isObject(schema) ? applying({ schema, root }) : []))
}

/** A schema and all that apply to the same value with it: its branches, and what it refers to. */
function applying(first: Located): Located[] {
  const found = new Map<JsonObject, Located>()
  const waiting = [first]
  for (let located = waiting.pop(); located; located = waiting.pop()) {
    if (found.has(located.schema)) continue
    found.set(located.schema, located)
    const { schema, root } = located
    const branches = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => {
      const list = schema[name]
      return Array.isArray(list) ? (list as unknown[]) : []
    })
    const dependent = schema['dependentSchemas']
    const others = [
      schema['if'],
      schema['then'],
      schema['else'],
      ...(isObject(dependent) ? Object.values(dependent) : []),
    ]
    for (const next of [...branches, ...others, targetOf(root, schema['$ref'])])
      if (isObject(next)) waiting.push({ schema: next, root })
  }
  return [...found.values()]
}

/** What a reference inside of the schema points at; an anchor is looked for everywhere in it. */
function targetOf(root: JsonObject, reference: unknown): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  const fragment = decoded(reference.slice(1))
  if (fragment !== '' && !fragment.startsWith('/')) return withAnchor(root, fragment)
  const steps = fragment.split('/').slice(1)
  return steps.reduce<unknown>(
    (parent, step) => (parent as JsonObject | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    root,
  )
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

function withAnchor(part: unknown, anchor: string): unknown {
  if (typeof part !== 'object' || part === null) return undefined
  const { $anchor, id, $id } = part as JsonObject
  if ($anchor === anchor || id === `#${anchor}` || $id === `#${anchor}`) return part
  for (const inner of Object.values(part)) {
    const found = withAnchor(inner, anchor)
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
