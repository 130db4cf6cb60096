import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVcapServices } from './index.js'

const strict = (value: string) => readVcapServices({ value, env: {}, strict: true })

describe('strict: true', () => {
  it.each([
    ['[44] two labels', '{"a":[{"name":"1"}],\n "a":[{"name":"2"}]}', 2, 2, '/a'],
    ['two fields', '{"a":[{"name":"1","name":"2"}]}', 1, 19, '/a/0/name'],
    ['two credentials', '{"a":[{"credentials":{"SECRET":1,"x":"\\\\","SECRET":2}}]}', 1, 43, '/a/0/credentials'],
    ['two that are written differently', String.raw`{"a":[],"\u0061":[]}`, 1, 9, '/a'],
    ['two that are called __proto__', '{"__proto__":[],"__proto__":[]}', 1, 17, '/__proto__'],
  ])('%s', (_case, text, line, column, path) => {
    expect(() => strict(text)).toThrow(
      expect.objectContaining({
        code: 'DUPLICATE_KEY',
        line,
        column,
        path,
        message: expect.not.stringContaining('SECRET') as string,
      }),
    )
    expect(() => readVcapServices({ value: text, env: {} })).not.toThrow()
  })

  it.each([
    '{}',
    '{"a" : [{"name":"x: \\"y\\": ","credentials":{"\\\\":"a","b":[{"b":1},{"b":2}]}}]}',
    '{"a":[{"credentials":{"a":"\\\\\\"","\\"":":","__proto__":{"__proto__":1}}}]}',
  ])('takes %s', (text) => {
    expect(() => strict(text)).not.toThrow()
  })

  it('[61] follows 10,000 levels', () => {
    const nested = `${'{"a":['.repeat(10_000)}${']}'.repeat(10_000)}`
    expect(() => strict(`{"a":[{"credentials":{"x":${nested}}}]}`)).not.toThrow()
  })

  it('is content with whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (credential) => {
        const text = JSON.stringify({ a: [{ name: 'x', credentials: { credential } }] }, null, 1)
        expect(strict(text).all).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  it('finds a key that is written twice anywhere', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.jsonValue(), (object, again) => {
        const key = Object.keys(object)[0] ?? ''
        const inner = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(again)}}`
        expect(() => strict(`{"a":[{"credentials":${inner}}]}`)).toThrow(
          expect.objectContaining({ code: 'DUPLICATE_KEY' }),
        )
      }),
      { numRuns: 500 },
    )
  })
})
