import type { KeywordShape } from './keywords.js'

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

type Check = (value: unknown) => string | undefined

const wants =
  (holds: (value: unknown) => boolean, wanted: string): Check =>
  (value) =>
    holds(value) ? undefined : `must be ${wanted}`

const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

/** Shape of a keyword's value → what is wrong with it. Shapes that are schemas are checked where they are read. */
const checks: Partial<Record<KeywordShape, Check>> = {
  boolean: wants((value) => typeof value === 'boolean', 'true or false'),
  count: wants((value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number, 0 or more'),
  number: wants((value) => typeof value === 'number', 'a number'),
  positive: wants((value) => typeof value === 'number' && value > 0, 'a number above 0'),
  pattern: (value) => (isText(value) ? checkPattern(value) : 'must be a regular expression'),
  reference: wants(isText, 'a string'),
  string: wants(isText, 'a string'),
  strings: wants(isTexts, 'an array of strings'),
  stringsByName: wants(
    (value) => isObject(value) && Object.values(value).every(isTexts),
    'an object of arrays of strings',
  ),
  types: wants(
    (value) => [value].flat().every((type) => types.includes(type as string)) && [value].flat().length > 0,
    `one or more of ${types.join(', ')}`,
  ),
  values: wants((value) => Array.isArray(value) && value.length > 0, 'an array with a value in it'),
}

/** What is wrong with the value of a keyword; undefined when nothing is. */
export function checkValue(shape: KeywordShape, value: unknown): string | undefined {
  return checks[shape]?.(value)
}

/** Patterns are run with the flag `u`, as JSON Schema advises. */
export function checkPattern(pattern: string): string | undefined {
  try {
    void new RegExp(pattern, 'u')
    return undefined
  } catch {
    return 'must be a regular expression that is valid with the flag u; escape nothing that needs no escape'
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
