import type { PlanUnderTest } from './plan-under-test.js'

type Action = 'provision' | 'update' | 'bind'
type Schema = Readonly<Record<string, unknown>>

/** The JSON Schema of a plan's parameters, where it has one. */
export function schemaOf({ plan }: PlanUnderTest, action: Action): Schema | undefined {
  const { schemas } = plan
  const found =
    action === 'provision'
      ? schemas?.service_instance?.create?.parameters
      : action === 'update'
        ? schemas?.service_instance?.update?.parameters
        : schemas?.service_binding?.create?.parameters
  return found
}

/** Parameters that the schema takes: what it requires and nothing more; undefined where it requires nothing. */
export function validParameters(schema: Schema | undefined): Readonly<Record<string, unknown>> | undefined {
  const required = (schema?.['required'] ?? []) as readonly string[]
  if (!schema || required.length === 0) return undefined
  return Object.fromEntries(required.map((name) => [name, valueOf(propertyOf(schema, name))]))
}

/** Parameters that the schema refuses; undefined where it takes anything. */
export function invalidParameters(schema: Schema | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!schema) return undefined
  const valid = validParameters(schema) ?? {}
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    const wrong = wrongValueOf(property)
    if (wrong !== undefined) return { ...valid, [name]: wrong }
  }
  return schema['additionalProperties'] === false ? { ...valid, 'osb-check-unknown': true } : undefined
}

/**
 * Parameters as those given, with another value for one that the schema leaves little choice of, so that it is sure to be
 * valid; undefined where there is none such. What is not given may be filled in: the default is no other value.
 */
export function variedParameters(
  schema: Schema | undefined,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  for (const [name, property] of Object.entries((schema?.['properties'] ?? {}) as Record<string, Schema>)) {
    const known = name in given ? given[name] : property['default']
    const other = choicesOf(property).find((choice) => choice !== known)
    if (other !== undefined) return { ...given, [name]: other }
  }
  return undefined
}

/**
 * Parameters that surely ask for something else than those given: both name the one that differs, as what is left out may
 * mean the same as any value of it. Undefined where there is none such.
 */
export function conflictingParameters(
  schema: Schema | undefined,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  for (const [name, value] of Object.entries(given)) {
    const other = choicesOf(propertyOf(schema ?? {}, name)).find((choice) => choice !== value)
    if (other !== undefined) return { ...given, [name]: other }
  }
  return undefined
}

/** Values that are valid whatever they mean; none where the broker may know more than the schema. */
function choicesOf(schema: Schema): readonly unknown[] {
  const { enum: choices, minimum, maximum, multipleOf } = schema
  if (Array.isArray(choices)) return choices as readonly unknown[]
  switch (typeOf(schema)) {
    case 'boolean':
      return [true, false]
    case 'integer':
    case 'number': {
      if (typeof minimum !== 'number' || typeof maximum !== 'number') return []
      const least = numberOf(schema)
      return [least, least + Number(multipleOf ?? 1)].filter((value) => value <= maximum)
    }
    default:
      return []
  }
}

function propertyOf(schema: Schema, name: string): Schema {
  return ((schema['properties'] ?? {}) as Record<string, Schema>)[name] ?? {}
}

function typeOf(schema: Schema): unknown {
  const { type } = schema
  return Array.isArray(type) ? (type as readonly unknown[])[0] : type
}

/** A value by what most schemas say; where one says more, the user gives parameters of their own. */
function valueOf(schema: Schema): unknown {
  const { default: byDefault, enum: choices, const: only } = schema
  if (byDefault !== undefined) return byDefault
  if (only !== undefined) return only
  if (Array.isArray(choices)) return choices[0] as unknown
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return false
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () => valueOf((schema['items'] ?? {}) as Schema))
    case 'object':
      return validParameters(schema) ?? {}
    case 'null':
      return null
    default:
      return 'a'.repeat(Math.max(1, Number(schema['minLength'] ?? 1)))
  }
}

function numberOf({ minimum, maximum, exclusiveMinimum, multipleOf }: Schema): number {
  const step = Number(multipleOf ?? 1)
  const above = exclusiveMinimum === true ? Number(minimum) + step : Number(exclusiveMinimum ?? NaN) + step
  const least = Number.isNaN(above) ? Number(minimum ?? Math.min(1, Number(maximum ?? 1))) : above
  return Math.ceil(least / step) * step
}

function wrongValueOf(schema: Schema): unknown {
  if (Array.isArray(schema['enum'])) return 'osb-check-none-of-these'
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
    case 'boolean':
    case 'array':
    case 'object':
      return 'osb-check-wrong-type'
    case 'string':
      return { 'osb-check': 'wrong type' }
    default:
      return undefined
  }
}
