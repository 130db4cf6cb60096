import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRelaxed } from './parse-relaxed.js'

function read(text: string): { value: unknown; repairs: string[] } {
  const repairs: string[] = []
  const { value, end } = parseRelaxed(text, 0, (code, at) => repairs.push(`${code} ${at}`), [])
  expect(text.slice(end).trim()).toBe('')
  return { value, repairs }
}

describe('parseRelaxed', () => {
  it.each([
    ["{'a': 'b'}", { a: 'b' }, ['SINGLE_QUOTES 1', 'SINGLE_QUOTES 6']],
    ['{a: 1, b-c/d.e: 2}', { a: 1, 'b-c/d.e': 2 }, ['UNQUOTED_KEY 1', 'UNQUOTED_KEY 7']],
    ['[1,2,]', [1, 2], ['EXTRA_COMMA 4']],
    ['[,1,,2]', [1, 2], ['EXTRA_COMMA 1', 'EXTRA_COMMA 4']],
    ['[{} {}]', [{}, {}], ['MISSING_COMMA 3']],
    ['{"a":1\n"b":2}', { a: 1, b: 2 }, ['MISSING_COMMA 6']],
    ['{"a": b c, "d": http://h/p?q=1\n}', { a: 'b c', d: 'http://h/p?q=1' }, ['UNQUOTED_VALUE 6', 'UNQUOTED_VALUE 16']],
    ['[1, // one\n2, # two\n/* three */ 3]', [1, 2, 3], ['COMMENT 4', 'COMMENT 14', 'COMMENT 20']],
    [
      "[None, True, False, u'x', undefined]",
      [null, true, false, 'x', null],
      [1, 7, 13, 20, 26].map((at) => `FOREIGN_SYNTAX ${at}`),
    ],
    ['{"a": 1 // one\n, "b": true # two\n}', { a: 1, b: true }, ['COMMENT 8', 'COMMENT 27']],
    ['{"a"=>nil}', { a: null }, ['FOREIGN_SYNTAX 4', 'FOREIGN_SYNTAX 6']],
    ['[12345678901234567890]', [12345678901234567000], ['INEXACT_NUMBER 1']],
    ['{"a":1,"a":2}', { a: 2 }, ['DUPLICATE_KEY 7']],
    ['["a\nb"]', ['a\nb'], ['CONTROL_CHARACTER 3']],
    [
      String.raw`["C:\q", '\'', "\x41"]`,
      [String.raw`C:\q`, "'", 'A'],
      ['UNKNOWN_ESCAPE 4', 'SINGLE_QUOTES 9', 'FOREIGN_SYNTAX 16'],
    ],
    ['[“a”, ‘b’]', ['a', 'b'], ['SINGLE_QUOTES 1', 'SINGLE_QUOTES 6']],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}') as unknown, []],
  ])('%s', (text, value, repairs) => {
    expect(read(text)).toEqual({ value, repairs })
  })

  it.each([
    ['', 'unexpected end of the text', 0],
    ['{"a" 1}', 'expected a colon', 5],
    ['{"a":}', 'expected a value', 5],
    ['{"a":1]', 'expected a comma or a closing }', 6],
    ['["1":2]', 'expected a comma or a closing ]', 4],
    ['["a', 'a string without its end', 1],
    ['[1 /* ', 'a comment without its end', 3],
    ['/*', 'a comment without its end', 0],
    ['{/*', 'a comment without its end', 1],
    ['{{', 'expected a property', 1],
    ['{"a":{', 'unexpected end of the text', 6],
    ['[a"b]', 'expected a value', 1],
  ])('%s: %s', (text, reason, at) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ reason, at }))
  })

  it('reads whatever JSON.stringify writes, without a repair', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const { value: found, repairs } = read(text)
        expect(JSON.stringify(found)).toBe(JSON.stringify(value))
        expect(repairs.filter((repair) => !repair.startsWith('INEXACT'))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
