import { expect, it } from 'vitest'
import { fillDefaults } from './fill-defaults.js'

const schema = {
  type: 'object',
  properties: {
    size: { type: 'integer', default: 3 },
    backup: {
      type: 'object',
      default: {},
      properties: { enabled: { type: 'boolean', default: false }, at: { type: 'string' } },
    },
    network: { type: 'object', properties: { public: { type: 'boolean', default: false } } },
    tags: { type: 'array', default: [] },
  },
}

it.each([
  ['nothing', {}, { size: 3, backup: { enabled: false }, tags: [] }],
  ['values', { size: 5, tags: ['a'] }, { size: 5, backup: { enabled: false }, tags: ['a'] }],
  ['null, which is a value', { size: null }, { size: null, backup: { enabled: false }, tags: [] }],
  ['an object in it', { network: {} }, { size: 3, backup: { enabled: false }, network: { public: false }, tags: [] }],
  ['other properties', { more: 1 }, { size: 3, backup: { enabled: false }, tags: [], more: 1 }],
  ['no object', [1], [1]],
])('defaults are filled into %s', (_what, given, expected) => {
  expect(fillDefaults(schema, given)).toEqual(expected)
})

it('leaves a value alone where the schema has no properties', () => {
  for (const other of [true, {}, { properties: 1 }, undefined]) expect(fillDefaults(other, { a: 1 })).toEqual({ a: 1 })
})

it('takes a property named __proto__ for a property', () => {
  const filled = fillDefaults(JSON.parse('{"properties":{"__proto__":{"default":{"x":1}}}}'), {})
  expect(JSON.stringify(filled)).toBe('{"__proto__":{"x":1}}')
})
