import { isJsonObject } from '../operations/read-json-object.js'

/** What the profile says of the properties of an object. */
export interface PropertyRules {
  readonly texts: readonly string[]
  /** Objects, where they are there. */
  readonly objects?: readonly string[]
  readonly absent?: readonly string[]
}

/**
 * Checks what the types cannot say, and callers without types.
 * @throws {TypeError} naming the property, never its value
 */
export function assertProperties(
  what: string,
  value: object,
  { texts, objects = [], absent = [] }: PropertyRules,
): void {
  const given = value as Readonly<Record<string, unknown>>
  for (const name of texts)
    if (typeof given[name] !== 'string' || given[name] === '')
      throw new TypeError(`${what} needs ${name}, a non-empty text`)
  for (const name of objects)
    if (given[name] !== undefined && !isJsonObject(given[name]))
      throw new TypeError(`${what}: ${name} must be an object`)
  for (const name of absent) if (given[name] !== undefined) throw new TypeError(`${what} must not have ${name}`)
}
