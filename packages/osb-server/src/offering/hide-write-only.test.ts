import { expect, it } from 'vitest'
import { hideWriteOnly } from './hide-write-only.js'

const secret = { type: 'string', writeOnly: true }
const open = { type: 'string' }

it.each<[what: string, schema: object, value: object, shown: object | undefined]>([
  ['at top level', { properties: { a: secret, b: open } }, { a: 1, b: 2, c: 3 }, { b: 2, c: 3 }],
  ['in objects', { properties: { o: { properties: { a: secret } } } }, { o: { a: 1, b: 2 } }, { o: { b: 2 } }],
  [
    'in lists',
    { properties: { l: { items: { properties: { a: secret } } } } },
    { l: [{ a: 1 }, { b: 2 }] },
    { l: [{}, { b: 2 }] },
  ],
  ['as items', { properties: { l: { items: [open, secret] } } }, { l: [1, 2] }, { l: [1] }],
  ['as prefixItems', { properties: { l: { prefixItems: [secret] } } }, { l: [1, 2] }, { l: [2] }],
  ['by name patterns', { patternProperties: { '^x': secret } }, { x1: 1 }, {}],
  ['of the other properties', { properties: { b: open }, additionalProperties: secret }, { b: 1, c: 2 }, { b: 1 }],
  ['in a branch', { anyOf: [{ properties: { a: open } }, { properties: { a: secret } }] }, { a: 1 }, {}],
  ['under a condition', { if: {}, else: { properties: { a: secret } } }, { a: 1, b: 2 }, { b: 2 }],
  ['beside a dependency', { dependentSchemas: { b: { properties: { a: secret } } } }, { a: 1, b: 2 }, { b: 2 }],
  ['by reference', { properties: { a: { $ref: '#/definitions/s~1t' } }, definitions: { 's/t': secret } }, { a: 1 }, {}],
  ['by anchor', { properties: { a: { $ref: '#s' } }, $defs: { s: { $anchor: 's', ...secret } } }, { a: 1 }, {}],
  [
    'in a schema of itself',
    { properties: { a: secret, next: { $ref: '#' } } },
    { next: { next: { a: 1, b: 2 } } },
    { next: { next: { b: 2 } } },
  ],
  [
    'in a circle of references',
    { properties: { a: { $ref: '#/definitions/a' } }, definitions: { a: { $ref: '#/definitions/a' } } },
    { a: 1 },
    { a: 1 },
  ],
  ['as a whole', { writeOnly: true }, { a: 1 }, undefined],
  ['by a reference that leads nowhere', { properties: { a: { $ref: '#/%zz' } } }, { a: 1 }, { a: 1 }],
])('hides what is writeOnly %s', (_what, schema, value, shown) => {
  expect(hideWriteOnly([{}, schema as Record<string, unknown>], value as Record<string, unknown>)).toEqual(shown)
})
