import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, inspect, isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isVcapError, readVcapServices, VcapError } from './index.js'

const text = readFileSync(join(import.meta.dirname, '../test/fixtures/cloud-controller.json'), 'utf8')
const services = readVcapServices({ value: text, env: {} })
const everything = { showHidden: true, getters: true, depth: 10 }

describe('[70] secrets', () => {
  it.each([
    ['all services', services],
    ['one service', services.get('audit')],
    ['an entry', services.get('audit').entry],
    ['credentials', services.credentials('audit')],
    ['a log line', { message: 'bound', service: services.get('audit'), credentials: services.credentials('audit') }],
    ['a list', [services.get('audit'), services.credentials('audit')]],
  ])('are hidden in %s', (_what, value) => {
    for (const shown of [inspect(value), format('%o %O', value, value), JSON.stringify(value)]) {
      expect(shown).not.toContain('SECRET')
      expect(shown).toMatch(/audit|\[hidden\]/)
    }
    // Even where getters are asked for, which reads the drain.
    expect(inspect(value, everything)).not.toMatch(/SECRET-(?:audit|mysql)/)
  })

  it('are plain when a field is read, and in a spread', () => {
    expect(services.get('audit').credentials.token).toBe('SECRET-audit')
    const plain = { ...services.credentials('audit') }
    expect(isDeepStrictEqual(plain, { uri: 'https://audit.example.com', token: 'SECRET-audit' })).toBe(true)
    expect(JSON.stringify(plain)).toContain('SECRET-audit')
  })

  it.each([
    ['cut off', () => readVcapServices({ value: text.slice(0, text.indexOf('SECRET') + 9) })],
    ['broken', () => readVcapServices({ value: text.replaceAll('"SECRET-mysql"', 'SECRET-mysql') })],
    ['a wrong field', () => readVcapServices({ value: text.replace('"tags": [', '"plan": ["SECRET"], "tags": [') })],
    ['no match', () => services.get('nothing')],
    ['ambiguous', () => services.get(/a|u/)],
  ])('are in no part of an error: %s', (_case, act) => {
    const error = thrownBy(act)
    expect(isVcapError(error)).toBe(true)
    for (const shown of [inspect(error, everything), String(error), JSON.stringify(error), (error as Error).stack]) {
      expect(shown).not.toContain('SECRET')
    }
  })
})

describe('VcapError', () => {
  it('is known by its brand, across copies of the package', () => {
    const copy = Object.assign(new Error('copy'), { [Symbol.for('osb.vcap.error')]: true, code: 'NOT_SET' })
    expect([copy, new VcapError('NOT_SET', 'x')].map(isVcapError)).toEqual([true, true])
    expect([new Error('x'), null, undefined, 'NOT_SET', { code: 'NOT_SET' }].some(isVcapError)).toBe(false)
  })

  it('shows its name, its code and what it carries', () => {
    const error = new VcapError('INVALID_JSON', 'not JSON', { line: 1, column: 2, path: '/a' })
    expect(error.stack).toMatch(/^VcapError: not JSON\n/)
    expect(JSON.parse(JSON.stringify(error))).toEqual({ code: 'INVALID_JSON', line: 1, column: 2, path: '/a' })
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
