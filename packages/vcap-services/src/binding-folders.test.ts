import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readVcapServices } from './index.js'

const home = mkdtempSync(join(tmpdir(), 'vcap-folders-'))
afterAll(() => rmSync(home, { recursive: true }))

let count = 0
function makeRoot(files: Readonly<Record<string, string>>): string {
  const root = join(home, String(count++))
  mkdirSync(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const read = (root: string) => readVcapServices({ env: { SERVICE_BINDING_ROOT: root } })

describe('SERVICE_BINDING_ROOT of Cloud Foundry', () => {
  const written = (dash: '-' | '_') => ({
    'orders/type': 'mysql',
    'orders/provider': 'mysql',
    'orders/label': 'mysql',
    'orders/name': 'orders',
    'orders/plan': 'small',
    'orders/tags': '["mysql","relational"]',
    [`orders/instance${dash}guid`]: 'i-1',
    [`orders/instance${dash}name`]: 'orders-instance',
    [`orders/binding${dash}guid`]: 'b-1',
    [`orders/binding${dash}name`]: 'orders',
    [`orders/volume${dash}mounts`]: '[{"container_dir":"/data","mode":"r","device_type":"shared"}]',
    'orders/hostname': 'mysql.example.com',
    'orders/port': '3306',
    'orders/tls': '{"ca":"PEM"}',
    'orders/nodes': '["a","b"]',
    'orders/password': '{not json',
  })

  it.each(['-', '_'] as const)('[66] reads attributes written with "%s"', (dash) => {
    expect(read(makeRoot(written(dash))).get('orders')).toMatchObject({
      label: 'mysql',
      provider: 'mysql',
      plan: 'small',
      tags: ['mysql', 'relational'],
      instance_guid: 'i-1',
      instance_name: 'orders-instance',
      binding_guid: 'b-1',
      binding_name: 'orders',
      syslog_drain_url: null,
      volume_mounts: [{ container_dir: '/data', mode: 'r', device_type: 'shared' }],
    })
  })

  it('decodes objects and arrays of the credentials and leaves all else as text', () => {
    expect(read(makeRoot(written('_'))).credentials('orders')).toEqual({
      hostname: 'mysql.example.com',
      port: '3306',
      tls: { ca: 'PEM' },
      nodes: ['a', 'b'],
      password: '{not json',
    })
  })

  it('[68] keeps a credential with the name of an attribute where the attribute has dashes, and reports it', () => {
    const services = read(makeRoot({ ...written('-'), 'orders/binding_guid': 'of-the-broker', 'orders/a_b': '1' }))
    expect(services.get('orders').binding_guid).toBe('b-1')
    expect(services.credentials('orders')).toMatchObject({ binding_guid: 'of-the-broker', a_b: '1' })
    expect(services.warnings).toEqual([
      {
        code: 'RESERVED_NAME',
        path: '/orders/binding_guid',
        message: 'taken for a credential, as the attribute has dashes',
      },
    ])
  })

  it.each([
    ['tags', '[', 'INVALID_JSON', /SERVICE_BINDING_ROOT: orders\/tags is not valid JSON/],
    ['tags', '{}', 'INVALID_STRUCTURE', /at \/orders\/tags/],
    ['tags', '[1]', 'INVALID_STRUCTURE', /at \/orders\/tags\/0/],
  ])('refuses %s of %s', (file, text, code, message) => {
    const root = makeRoot({ ...written('_'), [`orders/${file}`]: text })
    expect(() => read(root)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    )
  })
})

describe('SERVICE_BINDING_ROOT of servicebinding.io', () => {
  it('[68] takes every file but type and provider for a credential', () => {
    const root = makeRoot({ 'db/type': 'postgresql\n', 'db/provider': 'acme', 'db/name': 'orders', 'db/tags': '[1' })
    const service = read(root).get({ label: 'postgresql' })
    expect(service).toMatchObject({ name: 'db', label: 'postgresql', provider: 'acme', tags: [], plan: null })
    expect(service.credentials).toEqual({ name: 'orders', tags: '[1' })
  })

  it('[65] follows the links that Kubernetes mounts, and reads each binding once', () => {
    const root = makeRoot({ 'db/..2026_11_24/type': 'redis', 'db/..2026_11_24/password': 'p' })
    symlinkSync('..2026_11_24', join(root, 'db/..data'))
    for (const file of ['type', 'password']) symlinkSync(`..data/${file}`, join(root, 'db', file))
    mkdirSync(join(root, '..hidden'))
    symlinkSync('db', join(root, 'linked'))
    const services = read(root)
    expect(services.all.map(({ name }) => name)).toEqual(['db', 'linked'])
    expect(services.credentials('db')).toEqual({ password: 'p' })
  })

  it('[67] drops the line end of a single line and keeps those of a text', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
    const root = makeRoot({
      'db/type': 'x',
      'db/unix': 'p\n',
      'db/dos': 'p\r\n',
      'db/ca': pem,
      'db/empty': '',
      'db/n': '\n',
    })
    expect(read(root).credentials('db')).toEqual({ unix: 'p', dos: 'p', ca: pem, empty: '', n: '' })
  })

  it('[64] leaves out a folder without a type, and reports it', () => {
    const services = read(makeRoot({ 'db/type': 'x', 'other/password': 'p', 'file-beside': '' }))
    expect(services.all.map(({ name }) => name)).toEqual(['db'])
    expect(services.warnings).toEqual([
      { code: 'FOLDER_WITHOUT_TYPE', path: '/other', message: 'a folder without a type file is no service binding' },
    ])
  })

  it('reports a file that cannot be read', () => {
    const root = makeRoot({ 'db/type': 'x' })
    symlinkSync('missing', join(root, 'db/password'))
    expect(() => read(root)).toThrow(
      expect.objectContaining({
        code: 'UNREADABLE',
        message: expect.stringMatching(/db.password cannot be read/) as string,
      }),
    )
  })
})
