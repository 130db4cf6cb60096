import { describe, expect, it } from 'vitest'
import { formatOriginatingIdentity, parseApiVersion, parseOriginatingIdentity, parseRetryAfter } from './headers.js'

describe('parseApiVersion', () => {
  it('VER-02: reads MAJOR.MINOR', () => {
    expect(parseApiVersion('2.17')).toEqual({ major: 2, minor: 17 })
    expect(parseApiVersion(' 2.9 ')).toEqual({ major: 2, minor: 9 })
  })

  it.each(['', 'two', '2', '2.', '.17', 'v2.17', '2.17.1', '2.-1', '2.17, 2.17', '２.17', '1e1.2'])(
    'A14: %j is malformed',
    (value) => {
      expect(parseApiVersion(value)).toBeUndefined()
    },
  )
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('originating identity', () => {
  it('OID-06, OID-10: is the platform, one space and strict Base64', () => {
    const header = formatOriginatingIdentity({ platform: 'cloudfoundry', value: { user_id: '683ea748' } })
    expect(header).toBe('cloudfoundry eyJ1c2VyX2lkIjoiNjgzZWE3NDgifQ==')
  })

  it.each([
    ['padded', `kubernetes ${base64('{"a":1}')}`],
    ['unpadded', `kubernetes ${base64('{"a":1}').replaceAll('=', '')}`],
    ['with more space', `kubernetes   ${base64('{"a":1}')} `],
  ])('T50: is read %s', (_name, header) => {
    expect(parseOriginatingIdentity(header)).toEqual({ platform: 'kubernetes', value: { a: 1 } })
  })

  it('T50: is read in the URL alphabet', () => {
    const value = { name: '>>>???' }
    const header = `x ${Buffer.from(JSON.stringify(value)).toString('base64url')}`
    expect(header).toMatch(/[-_]/)
    expect(parseOriginatingIdentity(header)).toEqual({ platform: 'x', value })
  })

  it.each([
    ['no space', base64('{}')],
    ['no platform', ` ${base64('{}')}`],
    ['no value', 'cloudfoundry '],
    ['no Base64', 'cloudfoundry {"a":1}'],
    ['no JSON', `cloudfoundry ${base64('user')}`],
    ['an array', `cloudfoundry ${base64('[]')}`],
    ['null', `cloudfoundry ${base64('null')}`],
    ['no UTF-8', `cloudfoundry ${Buffer.from([0x22, 0xff, 0x22]).toString('base64')}`],
  ])('OID-11: is refused with %s', (_name, header) => {
    expect(parseOriginatingIdentity(header)).toBeUndefined()
  })

  it.each(['', 'cloud foundry', 'cf\r\nX: 1', 'ключ'])('OID-07: cannot be written for the platform %j', (platform) => {
    expect(() => formatOriginatingIdentity({ platform, value: {} })).toThrow(TypeError)
  })
})

describe('parseRetryAfter', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 7)

  it.each([
    ['0', 0],
    ['30', 30],
    [' 120 ', 120],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 30],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 30],
    ['Sun Nov  6 08:49:37 1994', 30],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ])('LOI-25, T22: reads %j as %i seconds', (value, seconds) => {
    expect(parseRetryAfter(value, now)).toBe(seconds)
  })

  it.each(['', '-5', '2.5', '1e3', 'soon', 'Monday 5', '1994-11-06T08:49:37Z', 'Sun, 99 Foo 1994 08:49:37 GMT'])(
    'takes %j for no delay at all',
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined()
    },
  )
})
