import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isSecret, revealed, secret } from './secret.js'

describe('secret', () => {
  const password = secret('hunter2')

  it.each([
    ['String()', () => String(password)],
    ['a template', () => `${password as unknown as string}`],
    ['concatenation', () => `x${password as unknown as string}`],
    ['JSON.stringify', () => JSON.stringify({ password })],
    ['util.inspect', () => inspect({ password }, { depth: 9, showHidden: true })],
    ['console.log with %s, %o, %O and %j', () => format('%s %o %O %j', password, password, password, password)],
    ['its members', () => JSON.stringify([Object.entries(password), Object.getOwnPropertyNames(password)])],
    ['a copy of its members', () => inspect(Object.assign({}, password))],
    ['an error', () => inspect(new Error('failed', { cause: password }))],
  ])('is hidden from %s', (_how, shown) => {
    expect(shown()).not.toContain('hunter2')
  })

  it('is revealed when asked', () => {
    expect(password.reveal()).toBe('hunter2')
    expect(revealed(password)).toBe('hunter2')
    expect(revealed('plain')).toBe('plain')
  })

  it('is known by its brand, so that one of another copy of the package is one, too', () => {
    const other = { [Symbol.for('osb.server.Secret')]: true, reveal: () => 'from a copy' }
    expect([password, other, 'text', {}, null, undefined].map(isSecret)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(revealed(other as never)).toBe('from a copy')
  })

  it.each([undefined, '', 1])('refuses %j', (value) => {
    expect(() => secret(value as never)).toThrow(TypeError)
  })
})
