import fc from 'fast-check'
import { expect, it } from 'vitest'
import { redactor } from './redact.js'

it('takes out every text and number of the secrets, at any depth, the longer ones first', () => {
  const redact = redactor({ a: ['pass', { b: 'password' }], n: 12_345 }, ['p+.*'])
  expect(redact('pass password 12345 p+.* Pass')).toBe('[redacted] [redacted] [redacted] [redacted] Pass')
})

it('takes out a secret in the form that it has in JSON', () => {
  const password = 'pa"ss\\word\n'
  expect(redactor({ password })(JSON.stringify({ password }))).toBe('{"password":"[redacted]"}')
})

it('takes out a short secret only where it stands alone', () => {
  expect(redactor({ mode: 'on' })('the connection is on')).toBe('the connection is [redacted]')
})

it('has nothing to take out without secrets', () => {
  expect(redactor(undefined, [], { a: '', b: null, c: true })('true: as it is')).toBe('true: as it is')
})

it('drops control characters and shortens', () => {
  expect(redactor()('a\r\nb\u001b[31mc\u2028d')).toBe('a b [31mc d')
  expect(redactor()('x'.repeat(5000))).toHaveLength(1000)
})

it('leaves no secret of four characters or more in any text', () => {
  const word = fc.string({ minLength: 4 }).filter((text) => text.trim() !== '' && !'[redacted]'.includes(text))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.string(), (words, glue) => {
      const text = redactor(words)(words.join(glue))
      for (const secret of words) expect(text.replaceAll('[redacted]', '\u0000')).not.toContain(secret)
    }),
  )
})

it('masks the longest of those that begin alike, and what stands right behind', () => {
  expect(redactor('secret', 'secret-two', 'after')('secret-twoafter secret-tw')).toBe(
    '[redacted][redacted] [redacted]-tw',
  )
})

it('takes what is nested deeply, or is a circle', () => {
  let deep: unknown = 'deep-secret'
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  expect(redactor(deep)('a deep-secret')).toBe('a [redacted]')
  const circle: Record<string, unknown> = { password: 'round-secret' }
  circle['self'] = circle
  expect(redactor(circle)('a round-secret')).toBe('a [redacted]')
})
