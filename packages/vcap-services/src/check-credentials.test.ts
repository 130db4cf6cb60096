import { describe, expect, it } from 'vitest'
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
          'the credentials of "c" do not fit the schema: /uri (string), /nodes/0/host (string), ' +
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
