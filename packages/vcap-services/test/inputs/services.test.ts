import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { parseDump } from '../../src/dump.js'
import { isVcapError, readVcapServices, type BoundService, type Environment } from '../../src/index.js'
import { readMongodb, readMysql, readPostgres, readRedis } from '../../src/readers.js'
import { PEM } from '../support/pem-samples.js'
import { outcome } from './outcome.js'

// The second part of the list of inputs in the survey of the field: single services, sources and secrets.

const home = mkdtempSync(join(tmpdir(), 'vcap-inputs-'))
afterAll(() => rmSync(home, { recursive: true }))

const read = (env: Environment) => outcome(() => readVcapServices({ env }))
const one = (fields: object): BoundService | string =>
  outcome(() => readVcapServices({ value: { mysql: [{ name: 'db', ...fields }] }, env: {} }).get('db'))
const credentialsOf = (credentials: unknown) =>
  outcome(() => ({
    ...readVcapServices({ value: { mysql: [{ name: 'db', credentials }] }, env: {} }).credentials('db'),
  }))

it.each([
  ['[31] a blank binding name', { binding_name: '' }, { binding_name: null, name: 'db' }],
  ['[31] none', { binding_name: null }, { binding_name: null, name: 'db' }],
  ['[32] a label that differs', { label: 'p-mysql' }, { label: 'p-mysql' }],
  ['[33] no credentials', {}, { credentials: {} }],
  ['[34] null credentials', { credentials: null }, { credentials: {} }],
  ['[39] null tags', { tags: null }, { tags: [] }],
  ['[41] tags in capitals', { tags: ['MySQL'] }, { tags: ['MySQL'] }],
])('%s', (_case, fields, expected) => {
  expect(one(fields)).toMatchObject(expected)
})

it.each([
  ['[35] credentials as text', { credentials: 'x' }],
  ['[36] credentials as a list', { credentials: [] }],
  ['[40] tags as text', { tags: 'mysql' }],
])('%s', (_case, fields) => {
  expect(one(fields)).toBe('INVALID_STRUCTURE')
})

it.each([
  ['[37] alone', { 'credhub-ref': '/c/x' }],
  ['[38] beside others', { 'credhub-ref': '/c/x', port: 1 }],
])('%s, a CredHub reference is its own error', (_case, credentials) => {
  expect(credentialsOf(credentials)).toBe('CREDHUB_REF')
})

it('[47] __proto__ is a credential like any other', () => {
  expect(Object.keys(credentialsOf(JSON.parse('{"__proto__":1}')) as object)).toEqual(['__proto__'])
})

it.each(['constructor', 'toString', '__proto__'])('[48] nothing is bound under %s', (name) => {
  const services = readVcapServices({ value: {}, env: {} })
  expect(outcome(() => services.get(name))).toBe('NO_MATCH')
  expect(services.find({ label: name })).toBeUndefined()
})

it('[52] an integer with too many digits is what JSON.parse makes of it, and reported by the lenient reader', () => {
  const text = '{"a":[{"name":"db","credentials":{"id":9007199254740993}}]}'
  expect(readVcapServices({ value: text, env: {} }).credentials('db').id).toBe(9007199254740992)
  expect(parseDump(text).repairs).toMatchObject([{ code: 'INEXACT_NUMBER', line: 1, column: 40 }])
})

describe('what readers make of', () => {
  it.each([
    ['"3306"', '3306', 3306],
    ['3306', 3306, 3306],
    ['""', '', 3306],
    ['"abc"', 'abc', 'INVALID_CREDENTIALS'],
    ['70000', 70_000, 'INVALID_CREDENTIALS'],
  ])('[53] the port %s', (_shown, port, expected) => {
    expect(outcome(() => readMysql({ credentials: { host: 'h', port } }).port)).toBe(expected)
  })

  it('[54] PEM with literal \\n', () => {
    const credentials = { host: 'h', ca: PEM.replaceAll('\n', String.raw`\n`) }
    expect(readPostgres({ credentials }).tls?.ca).toBe(PEM)
  })

  it.each(['%', '@', ':', '/', '#', '+', '?', '%zz', 'a%2Fb@c'])(
    '[55] the password %s, raw and encoded',
    (password) => {
      expect(readMysql({ credentials: { host: 'h', password } }).password).toBe(password)
      const encoded = `mysql://u:${encodeURIComponent(password)}@h/d`
      expect(readMysql({ credentials: { uri: encoded } })).toMatchObject({
        username: 'u',
        password,
        host: 'h',
        database: 'd',
      })
    },
  )

  it.each(['%', '@', ':', '/', '#', '+', '?', '100%'])('[55] the password %s that nobody encoded', (password) => {
    const uri = `mysql://u:${password}@h:3306/d`
    expect(readMysql({ credentials: { uri } })).toMatchObject({ username: 'u', password, host: 'h', database: 'd' })
  })

  it.each([
    ['[56] several hosts', readMongodb, 'mongodb://u:p@h1:1,h2:2/d', { hosts: [{ host: 'h1' }, { host: 'h2' }] }],
    ['[56] SRV', readMongodb, 'mongodb+srv://u:p@h/d', { isSrv: true, host: 'h' }],
    ['[57] jdbc:', readPostgres, 'jdbc:postgresql://h:1/d?user=u&password=p', { username: 'u', port: 1 }],
    ['[58] IPv6', readRedis, 'redis://:p@[fe80::1]:1', { host: 'fe80::1', port: 1 }],
  ])('%s', (_case, reader: (holder: { credentials: { uri: string } }) => object, uri, expected) => {
    expect(reader({ credentials: { uri } })).toMatchObject(expected)
  })
})

/** Writes the files of a folder. @returns the folder */
function write(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name, path)), { recursive: true })
    writeFileSync(join(home, name, path), text)
  }
  return join(home, name)
}

describe('sources', () => {
  it('[1] nothing is set', () => {
    expect(read({})).toBe('NOT_SET')
  })

  it.each([
    ['missing', join(home, 'missing')],
    ['a folder', home],
  ])('[62] the file is %s', (_case, VCAP_SERVICES_FILE_PATH) => {
    expect(read({ VCAP_SERVICES_FILE_PATH, VCAP_SERVICES: '{}' })).toBe('UNREADABLE')
  })

  it('[62] the file may not be read', (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file')
    writeFileSync(join(home, 'closed'), '{}', { mode: 0 })
    expect(read({ VCAP_SERVICES_FILE_PATH: join(home, 'closed') })).toBe('UNREADABLE')
  })

  it('[63] both are set', () => {
    const VCAP_SERVICES_FILE_PATH = join(write('both', { file: '{}' }), 'file')
    expect(read({ VCAP_SERVICES_FILE_PATH, VCAP_SERVICES: '{"a":[{}]}' })).toMatchObject({
      all: [],
      source: { from: 'VCAP_SERVICES_FILE_PATH', alsoSet: ['VCAP_SERVICES'] },
    })
  })

  it('[64] a folder without a type', () => {
    const SERVICE_BINDING_ROOT = write('no-type', { 'db/password': 'p' })
    expect(read({ SERVICE_BINDING_ROOT })).toMatchObject({ all: [], warnings: [{ code: 'FOLDER_WITHOUT_TYPE' }] })
  })

  it('[65] links, [67] a line end, [68] credentials that are called like attributes', () => {
    const SERVICE_BINDING_ROOT = write('links', {
      'db/..1/type': 'mysql\n',
      'db/..1/password': 'p\n',
      'db/..1/name': 'd',
      'db/..1/label': 'l',
    })
    symlinkSync('..1', join(SERVICE_BINDING_ROOT, 'db', '..data'))
    for (const file of ['type', 'password', 'name', 'label']) {
      symlinkSync(`..data/${file}`, join(SERVICE_BINDING_ROOT, 'db', file))
    }
    const { all } = readVcapServices({ env: { SERVICE_BINDING_ROOT } })
    expect(all).toMatchObject([{ name: 'db', label: 'mysql', credentials: { password: 'p', name: 'd', label: 'l' } }])
  })

  it('[66] dashes and underscores', () => {
    for (const sign of ['-', '_']) {
      const SERVICE_BINDING_ROOT = write(`sign${sign}`, { 'db/type': 'mysql', [`db/instance${sign}guid`]: 'i' })
      expect(read({ SERVICE_BINDING_ROOT })).toMatchObject({ all: [{ instance_guid: 'i', credentials: {} }] })
    }
  })

  it('[69] without HOME, the package is imported in silence', () => {
    const script =
      "await import('vcap-services'); await import('vcap-services/dump'); await import('vcap-services/readers')"
    const args = ['--conditions=@osb/source', '--import', 'tsx', '--input-type=module', '-e', script]
    const { HOME: _home, ...env } = process.env
    expect(execFileSync(process.execPath, args, { cwd: import.meta.dirname, env, encoding: 'utf8' })).toBe('')
  })
})

it('[70] no part of an error shows a credential', () => {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/cloud-controller.json'), 'utf8')
  const acts = [
    () => readVcapServices({ value: text.slice(0, text.indexOf('SECRET') + 8), env: {} }),
    () => parseDump(text.slice(0, text.indexOf('SECRET') + 8)),
    () => readVcapServices({ value: text, env: {} }).get('x'),
    () => readRedis(readVcapServices({ value: text, env: {} }).get('audit')),
  ]
  for (const act of acts) {
    try {
      act()
    } catch (error) {
      if (!isVcapError(error)) throw error
      const shown = [
        error.message,
        error.stack,
        error.cause,
        inspect(error, { showHidden: true }),
        JSON.stringify(error),
      ]
      expect(shown.join('\n')).not.toContain('SECRET')
      continue
    }
    throw new Error('nothing was thrown')
  }
})
