import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenJsonCopy, jsonCopy } from './json-copy.js'

const byText = (value: unknown): unknown => {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : JSON.parse(text)
}

function isFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
}

class Point {
  constructor(readonly x: number) {}
}

describe('jsonCopy', () => {
  it.each<[string, unknown]>([
    ['an undefined member', { a: undefined, b: [undefined, 1], c: { d: undefined } }],
    ['functions and symbols', { a: () => 1, b: Symbol('b'), c: [() => 1] }],
    ['numbers that JSON lacks', { a: Number.NaN, b: [Infinity, -0], c: -0 }],
    ['a date', { at: new Date(0), list: [new Date(1)] }],
    ['an instance of a class', { point: new Point(1) }],
    ['a map, a set and bytes', { map: new Map([[1, 2]]), set: new Set([1]), bytes: new Uint8Array([1]) }],
    ['what says itself how it is written', { a: { toJSON: () => ({ b: 1 }) }, c: { toJSON: () => undefined } }],
    ['a boxed text', { a: Object('text') as object }],
    ['a member called __proto__', JSON.parse('{"__proto__":{"a":[1]},"toString":{"__proto__":null}}')],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: { b: 1 } })],
    ['inherited members', Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } })],
    ['a sparse array', { a: Object.assign([], { 2: 1 }) }],
    ['members named by symbols', { [Symbol('s')]: 1, a: 1 }],
    ['nothing', undefined],
  ])('copies %s as JSON does', (_, value) => {
    expect(JSON.stringify(jsonCopy(value))).toBe(JSON.stringify(byText(value)))
    expect(jsonCopy(value)).toStrictEqual(byText(value))
  })

  it('copies any value as JSON does', () => {
    const values = fc.anything({ withDate: true, withNullPrototype: true, withSparseArray: true, withMap: true })
    fc.assert(
      fc.property(values, (value) => {
        expect(jsonCopy(value)).toStrictEqual(byText(value))
        expect(frozenJsonCopy(value)).toStrictEqual(byText(value))
        expect(isFrozen(frozenJsonCopy(value))).toBe(true)
      }),
    )
  })

  it('shares nothing with the original', () => {
    const value = { a: { b: [{ c: 1 }] } }
    const copy = jsonCopy(value)
    copy.a.b.push({ c: 2 })
    ;(copy.a.b[0] as { c: number }).c = 3
    expect(value).toEqual({ a: { b: [{ c: 1 }] } })
  })

  it('refuses what JSON refuses', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(() => jsonCopy({ a: 1n })).toThrow(TypeError)
    expect(() => jsonCopy(circle)).toThrow(RangeError)
  })
})
