import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatOriginatingIdentity, parseApiVersion, parseOriginatingIdentity, parseRetryAfter } from './headers.js'

it('OID-06, OID-10, OID-11: an originating identity comes back as it was written', () => {
  const platform = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
    minLength: 1,
  })
  const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false }))
  fc.assert(
    fc.property(platform, value, (name, object) => {
      const json = JSON.parse(JSON.stringify(object)) as Record<string, unknown>
      const header = formatOriginatingIdentity({ platform: name, value: json })
      expect(header).toMatch(/^[\x21-\x7e]+ [A-Za-z0-9+/]+={0,2}$/)
      expect(parseOriginatingIdentity(header)).toEqual({ platform: name, value: json })
    }),
  )
})

it('VER-02: an API version comes back as it was written', () => {
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(999_999), (major, minor) => {
      expect(parseApiVersion(`${major}.${minor}`)).toEqual({ major, minor })
    }),
  )
})

it('LOI-25: Retry-After is read the same as seconds and as the date they lead to', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(4_000_000), (seconds, nowSeconds) => {
      const now = nowSeconds * 1000
      expect(parseRetryAfter(String(seconds), now)).toBe(seconds)
      expect(parseRetryAfter(new Date(now + seconds * 1000).toUTCString(), now)).toBe(seconds)
    }),
  )
})

it('reads any header text without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseOriginatingIdentity(text)
      parseApiVersion(text)
      parseRetryAfter(text, 0)
    }),
  )
})
