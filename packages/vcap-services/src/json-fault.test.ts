import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from './json-fault.js'

describe('findJsonFault', () => {
  it.each([
    ['', 1, 1, '', 'unexpected end'],
    ['{"a":[{"name":"x","credentials":{"uri":"SECR', 1, 45, '/a/0/credentials', 'unexpected end'],
    ['\ufeff{}', 1, 1, '', 'a byte order mark comes first'],
    ['\ufffd\ufffd{\0}\0', 1, 1, '', 'the text is not UTF-8'],
    ["{'a':[]}", 1, 2, '', 'expected a key in double quotes'],
    ['{\n  a: []\n}', 2, 3, '', 'expected a key in double quotes'],
    ['{"a":\r\n [{"tags":\n["x",]}]}', 3, 6, '/a/0/tags', 'expected a value'],
    ['{"a":[{} {}]}', 1, 10, '/a/0', 'expected a comma or a closing bracket'],
    ['{"a":[],}', 1, 9, '', 'expected a key in double quotes'],
    ['{"a" []}', 1, 6, '', 'expected a colon'],
    ['{"a":[{"name":"x" "label":1}]}', 1, 19, '/a/0/name', 'expected a comma or a closing brace'],
    ['{}`', 1, 3, '', 'text behind the end'],
    ['{"a":"\n"}', 1, 7, '/a', 'a control character in a string'],
    [String.raw`{"a":"\x"}`, 1, 7, '/a', 'an unknown escape in a string'],
    ['{"a":01}', 1, 7, '/a', 'expected a comma or a closing brace'],
    ['{"a~/b":nul}', 1, 9, '/a~0~1b', 'expected a value'],
  ])('%j: line %i, column %i, path %j', (text, line, column, path, reason) => {
    expect(findJsonFault(text)).toEqual({ line, column, path, reason })
  })

  it('shows no key below the fields of a service, where a misplaced quote makes a secret a key', () => {
    expect(findJsonFault('{"a":[{"credentials":{"SECRET":{"deep":x}}}]}')?.path).toBe('/a/0/credentials')
  })

  it('shows no key that a misplaced quote made of whatever came next', () => {
    const text = String.raw`{"VCAP_SERVIC{\"a\":[{\"credentials\":{\"\":\"SECRET\"x":[1,}`
    expect(findJsonFault(text)?.path).toBe('/…/1')
    expect(findJsonFault(`{"${'long'.repeat(17)}":x}`)?.path).toBe('/…')
  })

  it('follows 10,000 levels', () => {
    expect(findJsonFault('['.repeat(10_000))).toMatchObject({ column: 10_001, path: '/0/0/0' })
  })

  it('finds a fault exactly where JSON.parse does', () => {
    const characters = fc.constantFrom(...Array.from('{}[]:,"\\ntru0123.-e \n\u0001a'))
    const noise = fc.string({ unit: characters, maxLength: 12 })
    const mutated = fc.tuple(fc.json(), noise, fc.nat(), fc.nat(4)).map(([text, inserted, position, removed]) => {
      const at = position % (text.length + 1)
      return text.slice(0, at) + inserted + text.slice(at + removed)
    })
    fc.assert(
      fc.property(fc.oneof(noise, mutated), (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text))
      }),
      { numRuns: 2000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
