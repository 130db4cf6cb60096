// oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema is named then
import { describe, expect, it } from 'vitest'
import { jsonPointer } from 'osb-protocol'
import { interpretSchema } from './interpret-schema.js'

const drafts = {
  '4': 'http://json-schema.org/draft-04/schema#',
  '6': 'http://json-schema.org/draft-06/schema#',
  '7': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
}
type Draft = keyof typeof drafts

function faults(draft: Draft, schema: object, value: unknown): string[] {
  const result = interpretSchema({ $schema: drafts[draft], ...schema })['~standard'].validate(value)
  if (result instanceof Promise) throw new Error('it took its time')
  return (result.issues ?? []).map(({ path = [], message }) => `${jsonPointer(path as PropertyKey[])} ${message}`)
}

const object = (a: object, more: object = {}) => ({ type: 'object', properties: { a }, ...more })

describe('T49, SCH-03: a schema is read by the draft that it names', () => {
  it.each<[Draft, object, unknown, unknown]>([
    ['4', { minimum: 1, exclusiveMinimum: true }, 2, 1],
    ['6', { exclusiveMinimum: 1 }, 2, 1],
    ['6', { const: 'x' }, 'x', 'y'],
    ['7', { if: { type: 'string' }, then: { maxLength: 1 } }, 'x', 'xx'],
    ['7', { items: [{ type: 'string' }], additionalItems: false }, ['x'], ['x', 'x']],
    ['7', { dependencies: { b: ['c'] } }, { b: 1, c: 1 }, { b: 1 }],
    ['2019-09', { dependentRequired: { b: ['c'] } }, { b: 1, c: 1 }, { b: 1 }],
    ['2019-09', { unevaluatedProperties: false, allOf: [{ properties: { b: {} } }] }, { b: 1 }, { c: 1 }],
    ['2020-12', { prefixItems: [{ type: 'string' }], items: false }, ['x'], ['x', 'x']],
    ['2020-12', { contains: { type: 'string' } }, [1, 'x'], [1]],
    ['4', { $ref: '#/definitions/x~1y' }, 'x', 1],
  ])('draft %s: %j takes %j, not %j', (draft, schema, right, wrong) => {
    const definitions = { 'x/y': { type: 'string' } }
    expect(faults(draft, object(schema, { definitions }), { a: right })).toEqual([])
    expect(faults(draft, object(schema, { definitions }), { a: wrong })).not.toEqual([])
  })

  it.each<[Draft, object, unknown]>([
    ['4', { const: 'x' }, 'y'],
    ['4', { if: {}, then: { type: 'string' } }, 1],
    ['6', { if: {}, then: { type: 'string' } }, 1],
    ['7', { unevaluatedItems: false, prefixItems: [{ type: 'string' }] }, [1]],
    ['7', { 'x-order': { type: 'string' }, instanceof: 'Date' }, 1],
    ['7', { format: 'url' }, `http://${'a'.repeat(40)}`],
    ['7', { format: 'shoe size' }, 'x'],
  ])('draft %s: %j has no effect', (draft, schema, value) => {
    expect(faults(draft, object(schema), { a: value })).toEqual([])
  })

  it('knows anchors and schemas that contain themselves', () => {
    const tree = { type: 'object', additionalProperties: { $ref: '#' } }
    expect(faults('7', tree, { a: { b: {} } })).toEqual([])
    expect(faults('7', tree, { a: { b: 1 } })).toHaveLength(1)
    const anchored = object({ $ref: '#text' }, { definitions: { x: { $id: '#text', type: 'string' } } })
    expect(faults('7', anchored, { a: 1 })).toHaveLength(1)
  })
})

describe('PROV-11: faults have their place, and never the value', () => {
  it.each<[object, unknown, string]>([
    [{ type: ['string', 'null'] }, 4711, '/a must be of the type "string", "null"'],
    [{ enum: ['x', 1] }, 'hunter2', '/a must be one of ["x",1]'],
    [{ minimum: 10 }, 3, '/a must be at least 10'],
    [{ minimum: 10, exclusiveMinimum: true }, 3, '/a must be more than 10'],
    [{ maximum: -1.5e300 }, 3, '/a must be at most -1.5e+300'],
    [{ multipleOf: 5 }, 33, '/a must be a multiple of 5'],
    [{ minLength: 8 }, 'hunter2', '/a must have at least 8 characters'],
    [{ pattern: '^x$' }, 'hunter2', '/a must match the pattern of the schema'],
    [{ format: 'email' }, 'hunter2', '/a must have the format "email"'],
    [{ maxItems: 1 }, ['hunter2', 2], '/a must have at most 1 items'],
    [{ uniqueItems: true }, ['hunter2', 'hunter2'], '/a must not have an item twice'],
    [{ required: ['b'] }, {}, '/a must have the property "b"'],
    [{ additionalProperties: false }, { 'b/c %': 'hunter2' }, '/a/b~1c % is not allowed'],
    [{ dependencies: { b: ['c'] } }, { b: 'hunter2' }, '/a must have the property "c", too'],
    [{ not: { type: 'string' } }, 'hunter2', '/a must not have the form that the schema excludes'],
    [
      { anyOf: [{ type: 'number' }, { properties: { b: {} }, additionalProperties: false }] },
      { hunter2: 1 },
      '/a must have one of the forms that the schema allows',
    ],
  ])('%j against %j', (schema, value, expected) => {
    expect(faults('4', object(schema), { a: value })).toEqual([expected])
  })

  it('lists all of them', () => {
    const schema = object({ type: 'string' }, { required: ['b'], additionalProperties: false })
    expect(faults('4', schema, { a: 1, c: 2 })).toEqual([
      ' must have the property "b"',
      '/a must be of the type "string"',
      '/c is not allowed',
    ])
  })
})

describe('hostile parameters end soon', () => {
  it('with very many faults, very many items that must differ, and keys of half a character', () => {
    const numbers = Array.from({ length: 150_000 }, (_, index) => index)
    expect(faults('7', object({ items: { type: 'string' } }), { a: numbers }).length).toBeGreaterThan(0)
    expect(faults('7', object({ uniqueItems: true }), { a: numbers })).toEqual(['/a must have at most 2000 items'])
    expect(faults('7', object({}, { additionalProperties: { type: 'string' } }), { '\ud800': 1 })).toEqual([
      ' has a key that is not well-formed Unicode',
    ])
  })
})

describe('a schema that is not valid is refused', () => {
  it.each([
    ['OSB-SCHEMA', /\/properties\/a\/type must be one or more of/, object({ type: 'text' })],
    ['OSB-SCHEMA', /\/properties\/a\/required must be an array/, object({ required: true })],
    ['OSB-SCHEMA', /\/properties\/a must be a schema/, object(1 as never)],
    ['OSB-SCHEMA', /\/properties\/a\/pattern .* flag u/, object({ pattern: '\\-' })],
    ['OSB-SCHEMA', /\/properties\/a\/\$ref points at nothing/, object({ $ref: '#/definitions/none' })],
    ['SCH-04', /\/properties\/a\/\$ref must not point outside/, object({ $ref: 'other.json' })],
    ['OSB-SCHEMA', /\/properties\/a\/allOf\/0 leads to itself/, object({ allOf: [{ $ref: '#/properties/a' }] })],
    ['OSB-SCHEMA', /\$dynamicRef is not supported/, object({ $dynamicRef: '#x' })],
  ])('%s: %s', (_rule, message, schema) => {
    expect(() => interpretSchema({ $schema: drafts['4'], ...schema })).toThrow(message)
  })
})
