import type { OutputUnit } from '@cfworker/json-schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** Of those in a long array, only the first are told anyway. */
const mostErrors = 200

type Text = string | ((error: string) => string)

const lastNumber = (error: string) => /(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\D*$/i.exec(error)?.[1] ?? '?'

/**
 * Keyword → what is wrong where it is broken. The validator's own texts repeat numbers and lengths of what it was
 * given, so that only the schema's part of them is used.
 */
const texts: Readonly<Record<string, Text>> = {
  type: (error) => `must be of the type ${/Expected (.*)\.$/s.exec(error)?.[1] ?? '?'}`,
  enum: (error) => `must be one of ${/any of (.*)\.$/s.exec(error)?.[1] ?? '?'}`,
  const: (error) => `must be ${/match (.*)\.$/s.exec(error)?.[1] ?? '?'}`,
  required: (error) => `must have the property ${/property (.*)\.$/s.exec(error)?.[1] ?? '?'}`,
  dependentRequired: (error) => `must have the property ${/have (".*")\.$/s.exec(error)?.[1] ?? '?'}, too`,
  dependencies: (error) => `must have the property ${/have (".*")\.$/s.exec(error)?.[1] ?? '?'}, too`,
  minimum: (error) => `must be ${/or equal/.test(error) ? 'more than' : 'at least'} ${lastNumber(error)}`,
  maximum: (error) => `must be ${/or equal/.test(error) ? 'less than' : 'at most'} ${lastNumber(error)}`,
  exclusiveMinimum: (error) => `must be more than ${lastNumber(error)}`,
  exclusiveMaximum: (error) => `must be less than ${lastNumber(error)}`,
  multipleOf: (error) => `must be a multiple of ${lastNumber(error)}`,
  minLength: (error) => `must have at least ${lastNumber(error)} characters`,
  maxLength: (error) => `must have at most ${lastNumber(error)} characters`,
  minItems: (error) => `must have at least ${lastNumber(error)} items`,
  maxItems: (error) => `must have at most ${lastNumber(error)} items`,
  minProperties: (error) => `must have at least ${lastNumber(error)} properties`,
  maxProperties: (error) => `must have at most ${lastNumber(error)} properties`,
  pattern: 'must match the pattern of the schema',
  format: (error) => `must have the format ${/format (.*)\.$/s.exec(error)?.[1] ?? '?'}`,
  uniqueItems: 'must not have an item twice',
  contains: 'must have an item of the form that the schema asks for',
  minContains: 'has too few items of the form that the schema asks for',
  maxContains: 'has too many items of the form that the schema asks for',
  propertyNames: 'has a key that is not allowed',
  anyOf: 'must have one of the forms that the schema allows',
  oneOf: 'must have exactly one of the forms that the schema allows',
  not: 'must not have the form that the schema excludes',
  false: 'is not allowed',
}

/** Keywords that say all there is to say; what lies below them, branch by branch, is left out. */
const whole: Readonly<Record<string, string>> = {
  anyOf: 'anyOf',
  oneOf: 'oneOf',
  not: 'not',
  propertyNames: 'propertyNames',
  contains: 'contains',
  minContains: 'contains',
  maxContains: 'contains',
}

interface Placed {
  readonly unit: OutputUnit
  readonly location: string
}

/** What a validation found, each fault once, at its place in the value and without the value. */
export function issuesOf(errors: readonly OutputUnit[]): StandardSchemaV1.Issue[] {
  const placed = errors
    .slice(0, mostErrors)
    .map((unit, index) => ({ unit, location: locationOf(unit, errors[index - 1]) }))
  const summed = placed.flatMap(({ unit: { keyword }, location }) => {
    const below = Object.hasOwn(whole, keyword) ? whole[keyword] : undefined
    return below === undefined ? [] : [location.replace(/[^/]*$/, `${below}/`)]
  })
  const isBelow = ({ location }: Placed) => summed.some((place) => location.startsWith(place))
  return placed.filter((each) => isTold(each) && !isBelow(each)).map(({ unit }) => issueOf(unit))
}

/** The validator gives a schema `false` the place of the value; it stands below the keyword before. */
function locationOf({ keyword, keywordLocation }: OutputUnit, before: OutputUnit | undefined): string {
  return keyword === 'false' && before ? `${before.keywordLocation}/false` : keywordLocation
}

/** Whether it says something itself; the others say that something deeper is wrong. */
function isTold({ unit: { keyword, error } }: Placed): boolean {
  if (keyword === 'dependencies') return error.includes('does not have')
  return Object.hasOwn(texts, keyword)
}

function issueOf({ keyword, error, instanceLocation }: OutputUnit): StandardSchemaV1.Issue {
  const text = texts[keyword] ?? 'is not valid'
  const path = instanceLocation.split('/').slice(1).map(keyOf)
  return { message: typeof text === 'string' ? text : text(error), path }
}

function keyOf(segment: string): string {
  return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~')
}
