import { describe, expect, it } from 'vitest'
import { typeOfSchema } from './type-of-schema.js'

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const closed = { additionalProperties: false }

describe('typeOfSchema', () => {
  it.each<[string, unknown, string]>([
    ['a text', { type: 'string', minLength: 1 }, 'string'],
    ['a whole number', { type: 'integer' }, 'number'],
    ['several types', { type: ['string', 'null'] }, '(string | null)'],
    ['a choice of values', { enum: ['a"b', 1, null, true] }, '("a\\"b" | 1 | null | true)'],
    ['a choice with objects', { enum: [{ a: 1 }] }, 'unknown'],
    ['one value', { const: 'x' }, '"x"'],
    ['a list', { type: 'array', items: { type: 'string' } }, 'readonly (string)[]'],
    ['a list of anything', { type: 'array' }, 'readonly unknown[]'],
    ['nothing said', {}, 'unknown'],
    ['nothing allowed', false, 'never'],
    ['an unknown type', { type: 'file' }, 'unknown'],
    ['an open object', object({ a: { type: 'string' } }), '{ readonly a?: string; readonly [name: string]: unknown }'],
    [
      'an object that needs one of two, in order of names',
      object({ z: { type: 'string' }, 'a-b': { type: 'number' } }, { ...closed, required: ['z'] }),
      '{ readonly "a-b"?: number; readonly z: string }',
    ],
    ['an object without a type', { properties: {}, ...closed }, 'Record<string, never>'],
    [
      'a dictionary',
      { type: 'object', additionalProperties: { type: 'number' } },
      '{ readonly [name: string]: number }',
    ],
    ['one of several', { oneOf: [{ type: 'string' }, { type: 'number' }] }, '(string | number)'],
    ['one of several, one of them anything', { anyOf: [{ type: 'string' }, {}] }, 'unknown'],
    [
      'all of several',
      { allOf: [object({ a: { type: 'string' } }, closed), object({ b: { type: 'number' } }, closed)] },
      '({ readonly a?: string } & { readonly b?: number })',
    ],
    [
      'a reference',
      { definitions: { 'a/b': { type: 'string' } }, type: 'array', items: { $ref: '#/definitions/a~1b' } },
      'readonly (string)[]',
    ],
    ['a reference to nowhere', { $ref: '#/definitions/none' }, 'unknown'],
    ['an external reference', { $ref: 'https://example.com/schema' }, 'unknown'],
    [
      'a schema within itself',
      { ...object({ next: { $ref: '#' } }, closed) },
      '{ readonly next?: { readonly next?: unknown } }',
    ],
  ])('%s', (_name, schema, expected) => {
    expect(typeOfSchema(schema)).toBe(expected)
  })

  it('SCH-01: reads draft 4, and SCH-02: later drafts too', () => {
    const draft4 = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      definitions: { size: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
      ...object({ size: { $ref: '#/definitions/size' } }, closed),
    }
    const draft2020 = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { size: { type: 'integer', exclusiveMinimum: 0 } },
      ...object({ size: { $ref: '#/$defs/size' } }, closed),
    }
    for (const schema of [draft4, draft2020]) expect(typeOfSchema(schema)).toBe('{ readonly size?: number }')
  })

  it('ends however deep a schema is', () => {
    let schema: object = { type: 'string' }
    for (let depth = 0; depth < 1000; depth++) schema = { type: 'array', items: schema }
    expect(typeOfSchema(schema)).toMatch(/^(readonly \(){25}unknown/)
  })
})
