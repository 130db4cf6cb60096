import { z } from 'zod'

type Check = (value: unknown) => boolean

const compiled = new WeakMap<z.ZodType, Check>()

/**
 * Whether a value is valid by a schema: what `schema.safeParse(value).success` says, at a small part of its cost, since
 * neither a result nor issues are made. For calls that happen at every request; parse to learn what is wrong.
 * @param schema synchronous and without transformations, as those of this package are
 * @example if (!fits(bindRequest, body)) throw new Error(describe(bindRequest.safeParse(body).error))
 */
export function fits(schema: z.ZodType, value: unknown): boolean {
  let check = compiled.get(schema)
  if (check === undefined) {
    check = compile(schema)
    compiled.set(schema, check)
  }
  return check(value)
}

/** Kinds of schemas that are not listed are left to themselves. */
function compile(schema: z.ZodType): Check {
  const holds = compileType(schema)
  const rules = compileRules(schema)
  if (holds === undefined) return (value) => schema.safeParse(value).success
  return rules === undefined ? holds : (value) => holds(value) && rules(value)
}

function compileType(schema: z.ZodType): Check | undefined {
  if (schema instanceof z.ZodString) return (value) => typeof value === 'string'
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean'
  if (schema instanceof z.ZodUnknown) return () => true
  if (schema instanceof z.ZodEnum) {
    const known = new Set<unknown>(schema.options)
    return (value) => known.has(value)
  }
  if (schema instanceof z.ZodLiteral) return (value) => schema.values.has(value as never)
  if (schema instanceof z.ZodOptional) {
    const inner = compile(schema.unwrap() as z.ZodType)
    return (value) => value === undefined || inner(value)
  }
  if (schema instanceof z.ZodNullable) {
    const inner = compile(schema.unwrap() as z.ZodType)
    return (value) => value === null || inner(value)
  }
  if (schema instanceof z.ZodArray) {
    const inner = compile(schema.element as z.ZodType)
    return (value) => Array.isArray(value) && value.every(inner)
  }
  if (schema instanceof z.ZodRecord) return compileRecord(schema)
  if (schema instanceof z.ZodObject) return compileObject(schema)
  return undefined
}

/** Free-form objects: any plain one. */
function compileRecord(schema: z.ZodRecord): Check | undefined {
  const isFree = schema.valueType instanceof z.ZodUnknown && schema.keyType instanceof z.ZodString
  if (!isFree || compileRules(schema.keyType as z.ZodType)) return undefined
  return (value) => isObject(value) && (isPlain(value) || schema.safeParse(value).success)
}

/** Loose ones only: others have more to say about keys that they do not name. */
function compileObject(schema: z.ZodObject): Check | undefined {
  if (!(schema.def.catchall instanceof z.ZodUnknown)) return undefined
  const fields = Object.entries(schema.shape).map(([name, field]) => ({ name, holds: compile(field as z.ZodType) }))
  return (value) => {
    if (!isObject(value)) return false
    for (const { name, holds } of fields) if (!holds(value[name])) return false
    return true
  }
}

/** What a schema demands beyond its type, asked as zod itself does; undefined when it demands nothing. */
function compileRules({ def }: z.ZodType): Check | undefined {
  const checks = def.checks ?? []
  if (checks.length === 0) return undefined
  const [first] = checks
  if (checks.length === 1 && first instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = first._zod.def
    return (value) => (value as { readonly length: number }).length >= minimum
  }
  return (value) => {
    const payload: z.core.ParsePayload = { value, issues: [] }
    for (const check of checks) void check._zod.check(payload as z.core.ParsePayload<never>)
    return payload.issues.length === 0
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
