import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hideValues } from './hide-values.js'
import { parseParameters } from './parse-parameters.js'

const failure = async (definition: Parameters<typeof parseParameters>[0], value: unknown) => {
  const error: unknown = await parseParameters(definition, value).catch((thrown: unknown) => thrown)
  return error as { status: number; message: string }
}

/** A validator that answers like those libraries that quote what they were given. */
const quoting = (message: (value: string) => string, path: readonly (string | number | { key: string })[]) => ({
  schema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => ({ issues: [{ message: message(String((value as { a: unknown }).a)), path }] }),
    },
  } as const,
  jsonSchema: {},
})

describe('parseParameters', () => {
  it('leaves free-form parameters as they are', async () => {
    expect(await parseParameters(undefined, { a: [1] })).toEqual({ a: [1] })
  })

  it('yields what the schema makes of them', async () => {
    const schema = z.object({ gb: z.number().default(1) })
    expect(await parseParameters(schema, {})).toEqual({ gb: 1 })
    expect(await parseParameters({ schema, jsonSchema: {} }, { gb: 2 })).toEqual({ gb: 2 })
  })

  it('waits for validators that take their time', async () => {
    const schema = z.object({ a: z.string().refine(async (text) => text === 'x') })
    expect(await parseParameters(schema, { a: 'x' })).toEqual({ a: 'x' })
    expect((await failure(schema, { a: 'y' })).status).toBe(400)
  })

  it('PROV-11: lists each fault with its JSON pointer', async () => {
    const schema = z.object({ charset: z.enum(['a', 'b']), nodes: z.array(z.object({ 'a/b': z.int() })) })
    const { status, message } = await failure(schema, { charset: 'c', nodes: [{ 'a/b': 'x' }] })
    expect(status).toBe(400)
    expect(message).toContain('; /parameters/charset Invalid option: expected one of "a"|"b"')
    expect(message).toContain('; /parameters/nodes/0/a~1b Invalid input: expected number, received string')
  })

  it('points at the parameters as a whole where they are wrong as a whole', async () => {
    expect((await failure(z.strictObject({}), { more: 1 })).message).toContain('; /parameters Unrecognized key: "more"')
  })

  it.each([
    ['hunter2', (value: string) => `Invalid type: Expected number but received "${value}"`],
    ['hunter2', (value: string) => `must be a number (was ${value})`],
    ['x', (value: string) => `must be a number (was "${value}")`],
    ['"q"', (value: string) => `got ${JSON.stringify(value)}`],
    ['$&', (value: string) => `must be a number (was ${value})`],
    [4711, (value: string) => `Expected string but received ${value}`],
    [42, (value: string) => `Expected string but received ${value}`],
  ])('never repeats the value (%j)', async (value, message) => {
    for (const path of [['a'], [{ key: 'a' }], []]) {
      const text = (await failure(quoting(message, path), { a: value })).message
      expect(text).toContain('[value]')
      expect(text).not.toContain(`${value}`)
    }
  })

  it('tells only the first 20 faults', async () => {
    const { message } = await failure(
      z.array(z.int()),
      Array.from({ length: 100 }, () => 'x'),
    )
    expect(message.split('; ')).toHaveLength(21)
  })
})

describe('hideValues', () => {
  it.each([
    ['expected string to have >=5 characters', 'ab'],
    ['must be a string', 'a'],
    ['expected number to be <=10', 100],
    ['expected number to be >=10', 1],
    ['is missing', undefined],
    ['is missing', null],
    ['must be true', false],
    ['must not be empty', ''],
  ])('leaves %j alone, given %j', (message, value) => {
    expect(hideValues(message, value)).toBe(message)
  })
})
