import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readVcapServices, type StandardIssue, type StandardResult, type StandardSchema } from './index.js'

const credentials = { uri: 'https://SECRET@example.com', port: 4711, nodes: [{ host: 'SECRET-host' }] }
const services = readVcapServices({ value: { collector: [{ name: 'c', label: 'collector', credentials }] }, env: {} })

function schema<Output>(
  validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>,
): StandardSchema<Output> {
  return { '~standard': { version: 1, validate } }
}

const refuse = (...issues: readonly (StandardIssue & { readonly message: string })[]) =>
  schema<never>(() => ({ issues }))

describe('credentials(selector, schema)', () => {
  it('returns what the schema returns', () => {
    const upper = schema((value) => ({ value: { ports: [(value as { port: number }).port] } }))
    expect(services.credentials({ label: 'collector' }, upper)).toEqual({ ports: [4711] })
  })

  it('gives the schema an ordinary object that it may change', () => {
    const greedy = schema((value) => {
      delete (value as Record<string, unknown>).uri
      return { value: Object.getPrototypeOf(value) as unknown }
    })
    expect(services.credentials('c', greedy)).toBe(Object.prototype)
    expect(services.credentials('c').uri).toBe(credentials.uri)
  })

  it('names places and kinds, never what the validator says about values', () => {
    const message = 'expected number, received "https://SECRET@example.com"'
    const strict = refuse(
      { message, path: ['uri'] },
      { message, path: [{ key: 'nodes' }, 0, { key: 'host' }] },
      { message, path: ['username', 'first'] },
      { message },
    )
    expect(() => services.credentials('c', strict)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        message:
          'the credentials of "c" do not fit: /uri (string), /nodes/0/host (string), ' +
          '/username/first (missing), as a whole',
        issues: [
          { path: '/uri', found: 'string' },
          { path: '/nodes/0/host', found: 'string' },
          { path: '/username/first', found: 'missing' },
          { path: '', found: 'object' },
        ],
      }),
    )
  })

  it('hides what a schema throws', () => {
    const thrower = schema<never>((value) => {
      throw new TypeError(JSON.stringify(value))
    })
    expect(() => services.credentials('c', thrower)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        message: 'the credentials of "c" made the schema throw',
      }),
    )
  })

  it.each([() => Promise.resolve({ value: 1 }), () => Promise.reject(new Error('SECRET'))])(
    'ASYNC_SCHEMA for a promise, which is not left to reject unhandled',
    async (validate) => {
      expect(() => services.credentials('c', schema(validate))).toThrow(
        expect.objectContaining({ code: 'ASYNC_SCHEMA' }),
      )
      await new Promise(setImmediate)
    },
  )
})

describe('with the schemas of a library', () => {
  const port = { uri: 'https://SECRET@example.com', port: 4711 }

  it.each([
    ['zod', z.object({ uri: z.url(), port: z.int() }), z.object({ uri: z.literal('x'), username: z.string() })],
    [
      'valibot',
      v.object({ uri: v.pipe(v.string(), v.url()), port: v.number() }),
      v.object({ uri: v.literal('x'), username: v.string() }),
    ],
    ['arktype', type({ uri: 'string.url', port: 'number.integer' }), type({ uri: "'x'", username: 'string' })],
  ])('%s', (_library, fitting, refusing) => {
    expect(services.credentials('c', fitting)).toMatchObject(port)
    expect(() => services.credentials('c', refusing)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        message: expect.not.stringContaining('SECRET') as string,
        issues: expect.arrayContaining([
          { path: '/uri', found: 'string' },
          { path: '/username', found: 'missing' },
        ]) as unknown[],
      }),
    )
  })
})

describe('a path into the credentials', () => {
  it.each([
    ['/nodes/0/host', 'SECRET-host'],
    [['nodes', 0, 'host'], 'SECRET-host'],
    ['port', 4711],
    ['/port', 4711],
  ])('%j', (path, found) => {
    expect(services.credentials('c', undefined, path)).toBe(found)
  })

  it('hides an object there', () => {
    expect(JSON.stringify(services.credentials('c', undefined, '/nodes/0'))).toBe('"[hidden]"')
  })

  it('is where the schema begins', () => {
    expect(services.credentials('c', z.string(), '/nodes/0/host')).toBe('SECRET-host')
    expect(() => services.credentials('c', z.object({ port: z.int() }), '/nodes/0')).toThrow(
      expect.objectContaining({ issues: [{ path: '/nodes/0/port', found: 'missing' }] }),
    )
  })

  it.each(['/nodes/1', '/uri/length', 'constructor', '/nodes/length/x', '/__proto__'])('%s leads nowhere', (path) => {
    expect(() => services.credentials('c', undefined, path)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        issues: [{ path: path.startsWith('/') ? path : `/${path}`, found: 'missing' }],
      }),
    )
  })

  it('knows keys with slashes and tildes', () => {
    const value = { a: [{ name: 'x', credentials: { 'amqp+ssl/~': 1 } }] }
    expect(readVcapServices({ value }).credentials('x', undefined, '/amqp+ssl~1~0')).toBe(1)
  })
})

describe('allCredentials', () => {
  const value = {
    redis: [
      { name: 'a', tags: ['redis'], credentials: { host: 'h1' } },
      { name: 'b', tags: ['redis'], credentials: { host: 'h2' } },
    ],
  }
  const all = readVcapServices({ value, env: {} })

  it('gives those of every service that fits, in order', () => {
    expect(all.allCredentials({ tag: 'redis' })).toEqual([{ host: 'h1' }, { host: 'h2' }])
    expect(all.allCredentials({ tag: 'redis' }, z.object({ host: z.string() }))).toEqual([
      { host: 'h1' },
      { host: 'h2' },
    ])
    expect(all.allCredentials({ tag: 'redis' }, undefined, 'host')).toEqual(['h1', 'h2'])
  })

  it('gives none where none fits', () => {
    expect(all.allCredentials('c')).toEqual([])
  })

  it('refuses where the schema refuses one of them', () => {
    expect(() => all.allCredentials(/./, z.object({ host: z.literal('h1') }))).toThrow(/of "b" do not fit: \/host/)
  })
})
