import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readVcapServices, type ReadVcapServicesOptions } from './index.js'

const fixtures = join(import.meta.dirname, '../test/fixtures')
const folder = mkdtempSync(join(tmpdir(), 'vcap-sources-'))
afterAll(() => rmSync(folder, { recursive: true }))

const document = (name: string) => JSON.stringify({ redis: [{ name, label: 'redis', credentials: {} }] })
const file = join(folder, 'vcap_services')
writeFileSync(file, document('of-file'))

const read = (options: ReadVcapServicesOptions) => {
  const services = readVcapServices(options)
  return [services.all.map(({ name }) => name), services.source]
}

describe('readVcapServices takes one source', () => {
  it('reads VCAP_SERVICES', () => {
    expect(read({ env: { VCAP_SERVICES: document('of-env') } })).toEqual([
      ['of-env'],
      { from: 'VCAP_SERVICES', alsoSet: [] },
    ])
  })

  it('prefers VCAP_SERVICES_FILE_PATH and reports what else is set', () => {
    expect(read({ env: { VCAP_SERVICES: document('of-env'), VCAP_SERVICES_FILE_PATH: file } })).toEqual([
      ['of-file'],
      { from: 'VCAP_SERVICES_FILE_PATH', path: file, alsoSet: ['VCAP_SERVICES'] },
    ])
  })

  it('prefers VCAP_SERVICES_FILE_PATH to SERVICE_BINDING_ROOT, and that to VCAP_SERVICES', () => {
    const env = { VCAP_SERVICES: document('of-env'), SERVICE_BINDING_ROOT: folder }
    expect(read({ env })[1]).toEqual({ from: 'SERVICE_BINDING_ROOT', path: folder, alsoSet: ['VCAP_SERVICES'] })
    expect(read({ env: { ...env, VCAP_SERVICES_FILE_PATH: file } })[1]).toEqual({
      from: 'VCAP_SERVICES_FILE_PATH',
      path: file,
      alsoSet: ['SERVICE_BINDING_ROOT', 'VCAP_SERVICES'],
    })
  })

  it('prefers the option `value`, as text or as an object', () => {
    const source = { from: 'value', alsoSet: ['VCAP_SERVICES'] }
    const env = { VCAP_SERVICES: document('of-env') }
    expect(read({ value: document('given'), env })).toEqual([['given'], source])
    expect(read({ value: JSON.parse(document('given')) as object, env })).toEqual([['given'], source])
  })

  it('reads process.env by default', () => {
    process.env.VCAP_SERVICES = document('of-process')
    try {
      expect(readVcapServices().get('of-process').label).toBe('redis')
    } finally {
      delete process.env.VCAP_SERVICES
    }
  })

  it.each([{}, { VCAP_SERVICES: '' }, { VCAP_SERVICES: ' \n' }, { VCAP_SERVICES_FILE_PATH: '', VCAP_SERVICES: '' }])(
    'throws NOT_SET when nothing is set, or only blanks: %j',
    (env) => {
      expect(() => readVcapServices({ env })).toThrow(expect.objectContaining({ code: 'NOT_SET' }))
    },
  )

  it('skips a blank path', () => {
    expect(read({ env: { VCAP_SERVICES_FILE_PATH: '', VCAP_SERVICES: document('of-env') } })[0]).toEqual(['of-env'])
  })

  it.each([
    ['VCAP_SERVICES_FILE_PATH', join(folder, 'missing'), 'ENOENT'],
    ['VCAP_SERVICES_FILE_PATH', folder, 'EISDIR'],
    ['SERVICE_BINDING_ROOT', join(folder, 'missing'), 'ENOENT'],
    ['SERVICE_BINDING_ROOT', file, 'ENOTDIR'],
  ])('never falls through when %s is %s', (variable, path, systemCode) => {
    const env = { [variable]: path, VCAP_SERVICES: document('of-env') }
    expect(() => readVcapServices({ env })).toThrow(
      expect.objectContaining({ code: 'UNREADABLE', message: expect.stringContaining(systemCode) as string }),
    )
  })

  it('does not quote a document that was put where its path belongs', () => {
    const env = { VCAP_SERVICES_FILE_PATH: '{"redis":[{"credentials":{"password":"SECRET"}}]}' }
    expect(() => readVcapServices({ env })).toThrow(/^VCAP_SERVICES_FILE_PATH is set, but the file cannot be read/)
    expect(() => readVcapServices({ env })).not.toThrow(/SECRET/)
  })
})

describe('the samples of the founding document', () => {
  const sample = (name: string) => readFileSync(join(fixtures, name), 'utf8')

  it('gives the app its collector', () => {
    const VCAP_SERVICES = sample('mission-collector-line.txt').replace(/^VCAP_SERVICES=/, '')
    const services = readVcapServices({ env: { VCAP_SERVICES } })
    expect(services.credentials({ label: 'collector' })).toEqual({ uri: 'http://50.50.1.4:5000/collector/api/v1.0/' })
    expect(services.get('app-python-collector')).toMatchObject({ plan: 'normal', tags: ['collector'] })
  })

  it('finds no service in the dump of an app without one', () => {
    const VCAP_SERVICES = /^VCAP_SERVICES=(.*)$/m.exec(sample('mission-env-dump.txt'))?.[1]
    expect(readVcapServices({ env: { VCAP_SERVICES } }).all).toEqual([])
  })

  it('refuses the invalid sample at its first fault, without an excerpt', () => {
    const value = sample('mission-invalid-vcap-services.txt')
    expect(() => readVcapServices({ value })).toThrow(
      expect.objectContaining({
        code: 'INVALID_JSON',
        line: 1,
        column: 1,
        path: '',
        message: 'the given value is not valid JSON: expected a value, line 1, column 1',
      }),
    )
    expect(() => readVcapServices({ value: value.replace('VCAP_SERVICES=', '') })).toThrow(
      expect.objectContaining({ code: 'INVALID_JSON', line: 3, column: 3, path: '' }),
    )
  })
})
