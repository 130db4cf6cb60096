import { ProvisionerError } from '../errors.js'

/** What a template may name: texts, numbers and objects of them. */
export type Variables = { readonly [name: string]: string | number | Variables }

/** JSON with `{{variables}}` in its texts. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template }

const variable = /\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/g
const onlyVariable = /^\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}$/

/**
 * Fills in `{{host}}`, `{{ports.http}}` and the like. A text that is one variable and nothing else takes its type, so
 * that a port stays a number.
 * @throws ProvisionerError `INVALID_RECIPE` for a variable that does not exist
 */
export function fill(template: Template, variables: Variables): unknown {
  if (typeof template === 'string') {
    const only = onlyVariable.exec(template)?.[1]
    return only === undefined ? fillText(template, variables) : lookUp(only, variables)
  }
  if (Array.isArray(template)) return template.map((item: Template) => fill(item, variables))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, variables)]))
}

/** Fills in one text; numbers become texts. */
export function fillText(template: string, variables: Variables): string {
  return template.replace(variable, (_, name: string) => String(lookUp(name, variables)))
}

function lookUp(name: string, variables: Variables): string | number {
  let value: string | number | Variables | undefined = variables
  for (const part of name.split('.')) {
    value = typeof value === 'object' && Object.hasOwn(value, part) ? value[part] : undefined
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new ProvisionerError('INVALID_RECIPE', `there is no variable {{${name}}} here`)
  }
  return value
}
