import type { JsonObject } from 'osb-protocol'

/**
 * A JSON value with the defaults of its JSON Schema where properties are absent, at any depth of `properties`; those that
 * stand behind references and combinations are not looked for.
 */
export function fillDefaults(schema: unknown, value: unknown): unknown {
  if (!isObject(schema) || !isObject(schema['properties']) || !isObject(value)) return value
  const filled = Object.entries(schema['properties'])
    .map(([name, property]) => {
      const given = Object.hasOwn(value, name) ? value[name] : defaultOf(property)
      return [name, fillDefaults(property, given)] as const
    })
    .filter(([, given]) => given !== undefined)
  // Not by assignment, which takes `__proto__` for the prototype.
  return { ...value, ...Object.fromEntries(filled) }
}

function defaultOf(schema: unknown): unknown {
  return isObject(schema) ? schema['default'] : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
