// oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema is named then
import { type Draft, drafts } from './drafts.js'

/** What the value of a keyword has to be. `schema` and its kin are read as schemas in turn. */
export type KeywordShape =
  | 'anything'
  | 'boolean'
  | 'booleanOrSchema'
  | 'count'
  | 'number'
  | 'pattern'
  | 'positive'
  | 'reference'
  | 'schema'
  | 'schemaMap'
  | 'schemaMapByPattern'
  | 'schemaOrNames'
  | 'schemaOrSchemas'
  | 'schemas'
  | 'string'
  | 'strings'
  | 'stringsByName'
  | 'types'
  | 'values'

interface Keyword {
  readonly shape: KeywordShape
  readonly from?: Draft
  readonly until?: Draft
  /** Applies to the very value that its schema applies to, so that it must not lead back to it. */
  readonly inPlace?: true
}

/** Keyword → its forms, one for each range of drafts that has another one. */
const keywords: Readonly<Record<string, readonly Keyword[]>> = {
  $ref: [{ shape: 'reference', inPlace: true }],
  $schema: [{ shape: 'string' }],
  id: [{ shape: 'string', until: '4' }],
  $id: [{ shape: 'string', from: '6' }],
  $anchor: [{ shape: 'string', from: '2019-09' }],
  // Later drafts renamed `definitions`, but both words are written in all of them.
  definitions: [{ shape: 'schemaMap' }],
  $defs: [{ shape: 'schemaMap' }],
  type: [{ shape: 'types' }],
  enum: [{ shape: 'values' }],
  const: [{ shape: 'anything', from: '6' }],
  format: [{ shape: 'string' }],
  multipleOf: [{ shape: 'positive' }],
  minimum: [{ shape: 'number' }],
  maximum: [{ shape: 'number' }],
  exclusiveMinimum: [
    { shape: 'boolean', until: '4' },
    { shape: 'number', from: '6' },
  ],
  exclusiveMaximum: [
    { shape: 'boolean', until: '4' },
    { shape: 'number', from: '6' },
  ],
  minLength: [{ shape: 'count' }],
  maxLength: [{ shape: 'count' }],
  pattern: [{ shape: 'pattern' }],
  items: [
    { shape: 'schemaOrSchemas', until: '2019-09' },
    { shape: 'schema', from: '2020-12' },
  ],
  prefixItems: [{ shape: 'schemas', from: '2020-12' }],
  additionalItems: [{ shape: 'booleanOrSchema', until: '2019-09' }],
  unevaluatedItems: [{ shape: 'schema', from: '2019-09' }],
  contains: [{ shape: 'schema', from: '6' }],
  minContains: [{ shape: 'count', from: '2019-09' }],
  maxContains: [{ shape: 'count', from: '2019-09' }],
  minItems: [{ shape: 'count' }],
  maxItems: [{ shape: 'count' }],
  uniqueItems: [{ shape: 'boolean' }],
  properties: [{ shape: 'schemaMap' }],
  patternProperties: [{ shape: 'schemaMapByPattern' }],
  additionalProperties: [{ shape: 'booleanOrSchema' }],
  unevaluatedProperties: [{ shape: 'schema', from: '2019-09' }],
  propertyNames: [{ shape: 'schema', from: '6' }],
  required: [{ shape: 'strings' }],
  minProperties: [{ shape: 'count' }],
  maxProperties: [{ shape: 'count' }],
  // Split in two in 2019-09, but still written.
  dependencies: [{ shape: 'schemaOrNames', inPlace: true }],
  dependentRequired: [{ shape: 'stringsByName', from: '2019-09' }],
  dependentSchemas: [{ shape: 'schemaMap', from: '2019-09', inPlace: true }],
  allOf: [{ shape: 'schemas', inPlace: true }],
  anyOf: [{ shape: 'schemas', inPlace: true }],
  oneOf: [{ shape: 'schemas', inPlace: true }],
  not: [{ shape: 'schema', inPlace: true }],
  if: [{ shape: 'schema', from: '7', inPlace: true }],
  then: [{ shape: 'schema', from: '7', inPlace: true }],
  else: [{ shape: 'schema', from: '7', inPlace: true }],
}

/** References whose target is found while validating; no validator of ours follows them. */
export const dynamicKeywords: readonly string[] = ['$recursiveRef', '$dynamicRef']

/** What a keyword means in a draft; undefined when the draft does not know it, so that it has no effect. */
export function keywordOf(name: string, draft: Draft): Keyword | undefined {
  const at = drafts.indexOf(draft)
  const forms = Object.hasOwn(keywords, name) ? keywords[name] : undefined
  return forms?.find(
    ({ from, until }) => (!from || drafts.indexOf(from) <= at) && (!until || drafts.indexOf(until) >= at),
  )
}
