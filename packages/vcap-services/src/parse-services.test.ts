import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isVcapError, readVcapServices, type VcapError } from './index.js'

// Numbers in brackets are those of the list of test inputs in the field survey of VCAP_SERVICES.

const entry = { name: 'db', label: 'mysql', credentials: {} }
const read = (value: string | object) => readVcapServices({ value, env: {} })
const readOne = (fields: object) => read({ mysql: [{ ...entry, ...fields }] }).all[0]

function faultOf(value: string | object): VcapError {
  try {
    read(value)
  } catch (error) {
    if (isVcapError(error)) return error
    throw error
  }
  throw new Error('no fault')
}

describe('a whole entry of Cloud Controller', () => {
  const services = read(readFileSync(join(import.meta.dirname, '../test/fixtures/cloud-controller.json'), 'utf8'))

  it('keeps every field', () => {
    expect(services.get('orders-db')).toMatchObject({
      label: 'mysql',
      provider: null,
      plan: 'small',
      tags: ['mysql', 'relational'],
      instance_guid: '7a6e2d0c-5f43-4f0e-9a55-0a5f4a3f2b11',
      instance_name: 'orders',
      binding_guid: 'c1f0b6a8-93f5-4f6c-8a7b-2f4f8f1c9d22',
      binding_name: 'orders-db',
      credentials: { hostname: 'mysql.example.com', port: 3306, password: 'SECRET-mysql' },
      syslog_drain_url: null,
    })
    expect(services.get('uploads').volume_mounts).toEqual([
      { container_dir: '/var/vcap/data/uploads', mode: 'rw', device_type: 'shared' },
    ])
    expect(services.warnings).toEqual([])
  })

  it('a user-provided service has no plan and no provider', () => {
    expect(services.get('audit')).toMatchObject({
      label: 'user-provided',
      plan: null,
      provider: null,
      syslog_drain_url: expect.stringMatching(/^https:/) as string,
    })
  })
})

describe('forms that producers write', () => {
  it.each([
    ['[4] no service', '{}', []],
    ['[12] CRLF', '{\r\n"redis":\r\n[]}\r\n', []],
    ['[49] any script in a name', '{"a":[{"name":"größe-数据库-🗄"}]}', ['größe-数据库-🗄']],
    ['[50] a lone surrogate', String.raw`{"a":[{"name":"x\ud800"}]}`, ['x\ud800']],
    ['[51] an escaped ampersand', String.raw`{"a":[{"name":"a\u0026b"}]}`, ['a&b']],
    ['[44] a repeated key: the last one counts, as in JSON.parse', '{"a":[{"name":"1"}],"a":[{"name":"2"}]}', ['2']],
    ['[45] __proto__ as a label', '{"__proto__":[{"name":"x"}]}', ['x']],
    ['[46] __proto__ as a name', '{"a":[{"name":"__proto__"}]}', ['__proto__']],
  ])('%s', (_case, value, names) => {
    expect(read(value).all.map(({ name }) => name)).toEqual(names)
  })

  it.each([
    ['[29] no name at all', { name: undefined }, { name: null }],
    [
      '[30] a blank name falls back to the binding',
      { name: ' ', binding_name: 'b', instance_name: 'i' },
      { name: 'b' },
    ],
    ['[30] and then to the instance', { name: '', binding_name: '', instance_name: 'i' }, { name: 'i' }],
    ['[31] a blank binding name is none', { binding_name: '' }, { binding_name: null, name: 'db' }],
    ['[31] so is null', { binding_name: null }, { binding_name: null }],
    ['[32] its own label counts', { label: 'p-mysql' }, { label: 'p-mysql' }],
    ['without a label the key counts', { label: undefined }, { label: 'mysql' }],
    ['[33] credentials missing', { credentials: undefined }, { credentials: {} }],
    ['[34] credentials null', { credentials: null }, { credentials: {} }],
    ['[39] tags null', { tags: null }, { tags: [] }],
    ['credentials blank', { credentials: '' }, { credentials: {} }],
    ['tags blank', { tags: '' }, { tags: [] }],
    ['tags missing', {}, { tags: [], volume_mounts: [], plan: null, provider: null, instance_guid: null }],
    ['[41] tags keep their case', { tags: ['MySQL'] }, { tags: ['MySQL'] }],
    ['a blank drain', { syslog_drain_url: '' }, { syslog_drain_url: null }],
    ['volume mounts null', { volume_mounts: null }, { volume_mounts: [] }],
    ['unknown fields are kept', { extra: 1 }, { entry: { ...entry, extra: 1 } }],
  ])('%s', (_case, fields, expected) => {
    expect(readOne(fields)).toMatchObject(expected)
  })

  it('[47] __proto__ and constructor are ordinary credentials', () => {
    const credentials = read('{"a":[{"name":"x","credentials":{"__proto__":"p","constructor":"c"}}]}').credentials('x')
    expect(Object.entries(credentials)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
  })

  it('[48] nothing is found under the names of object methods', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'undefined']) {
      expect(read({ mysql: [entry, { label: 'mysql' }] }).find(name)).toBeUndefined()
      expect(read('{}').find({ label: name })).toBeUndefined()
    }
  })

  it.each([
    ['[42] under two labels', { mysql: [entry], redis: [{ name: 'db', label: 'redis' }] }, '/redis/0'],
    ['[43] under one label', { mysql: [entry, entry] }, '/mysql/1'],
  ])('%s, both services of one name are kept and reported', (_case, value, path) => {
    const services = read(value)
    expect(services.filter('db')).toHaveLength(2)
    expect(services.warnings).toEqual([
      { code: 'DUPLICATE_NAME', path, message: 'an earlier service is called "db" too' },
    ])
  })

  it('[32] a label that differs from its key is reported', () => {
    expect(read({ mysql: [{ name: 'x', label: 'p-mysql' }] }).warnings).toEqual([
      { code: 'LABEL_MISMATCH', path: '/mysql/0', message: 'the label "p-mysql" is listed under "mysql"' },
    ])
  })

  it('[60] reads more than a megabyte', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...entry, name: `db-${index}`, plan: 'p'.repeat(300) }))
    expect(read(JSON.stringify({ mysql: many })).get('db-4999').label).toBe('mysql')
  })
})

describe('structure is checked', () => {
  it.each([
    ['[5] null', 'null', '', 'null'],
    ['[6] an array', '[]', '', 'array'],
    ['[7] a number', '7', '', 'number'],
    ['[14] encoded twice', JSON.stringify('{"a":[]}'), '', 'string (encoded twice?)'],
    ['[15, 16] wrapped', { VCAP_SERVICES: { a: [] } }, '/VCAP_SERVICES', 'object (the document wanted is inside)'],
    ['[17] wrapped as text', { VCAP_SERVICES: '{}' }, '/VCAP_SERVICES', 'string'],
    ['[18] an answer of v3', { system_env_json: {} }, '/system_env_json', 'object (the document wanted is inside)'],
    ['[25] a label with null', { mysql: null }, '/mysql', 'null'],
    ['[26] a label with one service', { mysql: entry }, '/mysql', 'object'],
    ['[27] a label with text', { 'a/b~c': 'x' }, '/a~1b~0c', 'string'],
    ['[28] a null service', { mysql: [entry, null] }, '/mysql/1', 'null'],
    ['a nested list', { mysql: [[entry]] }, '/mysql/0', 'array'],
    ['a name that is a number', { mysql: [{ name: 1 }] }, '/mysql/0/name', 'number'],
    ['[35] credentials as text', { mysql: [{ credentials: 'SECRET' }] }, '/mysql/0/credentials', 'string'],
    ['[36] credentials as a list', { mysql: [{ credentials: ['SECRET'] }] }, '/mysql/0/credentials', 'array'],
    ['[40] tags as text', { mysql: [{ tags: 'mysql' }] }, '/mysql/0/tags', 'string'],
    ['a tag that is null', { mysql: [{ tags: ['a', null] }] }, '/mysql/0/tags/1', 'null'],
    ['a mount without a directory', { nfs: [{ volume_mounts: [{}] }] }, '/nfs/0/volume_mounts/0', 'object'],
  ])('%s', (_case, value, path, found) => {
    const { code, path: at, message } = faultOf(value)
    expect({ code, path: at }).toEqual({ code: 'INVALID_STRUCTURE', path })
    expect(message).toMatch(new RegExp(`, found ${found.replaceAll(/[()?]/g, String.raw`\$&`)}$`))
    expect(message).not.toContain('SECRET')
  })
})
