// oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema is named then
import { describe, expect, it } from 'vitest'
import { interpretSchema } from './interpret-schema.js'
import { toDraft04 } from './to-draft-04.js'

const draft07 = 'http://json-schema.org/draft-07/schema#'

async function takes(schema: Record<string, unknown>, value: unknown): Promise<boolean> {
  return !(await interpretSchema(schema)['~standard'].validate(value)).issues
}

describe('SCH-01: a schema of draft 7 takes the same values when it is written as draft 4', () => {
  it.each<[object, unknown[]]>([
    [{ const: 'x' }, ['x', 'y']],
    [{ const: 'x', enum: ['x', 'y'] }, ['x', 'y', 'z']],
    [{ exclusiveMinimum: 1 }, [1, 1.5, 'x']],
    [{ minimum: 1, exclusiveMinimum: 2, exclusiveMaximum: 4, maximum: 3 }, [1, 2, 2.5, 3, 3.5, 4]],
    [{ contains: { type: 'string' } }, [[], [1], [1, 'x'], 'x']],
    [{ contains: { const: 1 }, not: { maxItems: 1 } }, [[1], [1, 2], [2, 2]]],
    [{ propertyNames: { pattern: '^a' } }, [{}, { a: 1 }, { ab: 1, b: 1 }, 'b']],
    [
      { propertyNames: { type: 'string', enum: ['a'] }, additionalProperties: { type: 'number' } },
      [{ a: 1 }, { b: 1 }],
    ],
    [{ propertyNames: { type: 'string' } }, [{ a: 1 }]],
    [{ if: { type: 'string' }, then: { minLength: 2 }, else: { type: 'number' } }, ['x', 'xx', 1, true]],
    [{ if: { type: 'string' }, then: false }, ['x', 1]],
    [{ then: false }, ['x']],
    [{ properties: { a: true, b: false } }, [{ a: 1 }, { b: 1 }]],
    [{ items: [true, false], additionalItems: false }, [[1], [1, 2]]],
    [{ items: false }, [[], [1]]],
    [{ required: [], dependencies: { a: [], b: ['c'], d: { required: ['e'] } } }, [{ a: 1 }, { b: 1 }, { d: 1 }]],
    [{ allOf: [{ const: 1 }], anyOf: [true], oneOf: [{ type: 'integer' }] }, [1, 2]],
    [{ $ref: '#/definitions/a', definitions: { a: { const: 'x' } } }, ['x', 'y']],
  ])('%j', async (schema, values) => {
    const before = { $schema: draft07, ...schema }
    const after = toDraft04(before)
    expect(after['$schema']).toBe('http://json-schema.org/draft-04/schema#')
    for (const value of values) expect([value, await takes(after, value)]).toEqual([value, await takes(before, value)])
  })
})

it('keeps what only describes', () => {
  const described = { title: 't', description: 'd', default: 1, examples: [1], format: 'email', 'x-order': 1 }
  expect(toDraft04(described)).toMatchObject(described)
})

it.each([
  [/\/properties\/a\/propertyNames has no counterpart/, { propertyNames: { maxLength: 3 } }],
  [/\/properties\/a\/propertyNames has no counterpart/, { propertyNames: false }],
  [/\/properties\/a\/unevaluatedProperties has no counterpart/, { unevaluatedProperties: false }],
  [/\/properties\/a\/anyOf is not an array/, { anyOf: {} }],
])('refuses what draft 4 cannot say: %s', (message, a) => {
  expect(() => toDraft04({ properties: { a } })).toThrow(message)
})
