import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readVcapApplication } from './index.js'

describe('readVcapApplication', () => {
  it('reads what Diego gives', () => {
    const application = {
      cf_api: 'https://api.example.com',
      limits: { fds: 16384, mem: 256, disk: 1024 },
      application_id: 'app-guid',
      application_name: 'shop',
      application_uris: ['shop.example.com'],
      name: 'shop',
      space_name: 'dev',
      space_id: 'space-guid',
      organization_id: 'org-guid',
      organization_name: 'acme',
      uris: ['shop.example.com'],
      process_id: 'process-guid',
      process_type: 'web',
    }
    const { name: _name, uris: _uris, ...expected } = application
    const env = { CF_INSTANCE_INDEX: '2', CF_INSTANCE_GUID: 'instance-guid', PORT: '8080' }
    expect(readVcapApplication({ env: { VCAP_APPLICATION: JSON.stringify(application), ...env } })).toEqual({
      ...expected,
      isLocal: false,
      limits: { fds: 16384, mem: 256, disk: 1024, memBytes: 268_435_456, diskBytes: 1_073_741_824 },
      application_version: null,
      started_at: null,
      started_at_timestamp: null,
      instance_index: 2,
      instance_id: 'instance-guid',
      instanceIp: null,
      instanceInternalIp: null,
      instanceAddr: null,
      instancePort: null,
      instancePorts: [],
      instanceCertPath: null,
      instanceKeyPath: null,
      host: null,
      port: 8080,
    })
  })

  it('reads the variables that Diego sets beside it', () => {
    const env = {
      VCAP_APPLICATION: '{}',
      VCAP_APP_HOST: '0.0.0.0',
      VCAP_APP_PORT: '8080',
      CF_INSTANCE_IP: '10.0.1.7',
      CF_INSTANCE_INTERNAL_IP: '10.255.3.4',
      CF_INSTANCE_ADDR: '10.0.1.7:61045',
      CF_INSTANCE_PORT: '61045',
      CF_INSTANCE_PORTS: '[{"external":61045,"internal":8080,"external_tls_proxy":61002,"internal_tls_proxy":61001}]',
      CF_INSTANCE_CERT: '/etc/cf-instance-credentials/instance.crt',
      CF_INSTANCE_KEY: '/etc/cf-instance-credentials/instance.key',
    }
    expect(readVcapApplication({ env })).toMatchObject({
      instanceIp: '10.0.1.7',
      instanceInternalIp: '10.255.3.4',
      instanceAddr: '10.0.1.7:61045',
      instancePort: 61045,
      instancePorts: [{ internal: 8080, external: 61045, internal_tls_proxy: 61001, external_tls_proxy: 61002 }],
      instanceCertPath: '/etc/cf-instance-credentials/instance.crt',
      instanceKeyPath: '/etc/cf-instance-credentials/instance.key',
      host: '0.0.0.0',
      port: 8080,
    })
  })

  it('reads CF_INSTANCE_PORTS with the unquoted keys of the documentation', () => {
    const CF_INSTANCE_PORTS = '[{external:61045,internal:8080},{external:61046, internal:2222}]'
    const { instancePorts } = readVcapApplication({ env: { CF_INSTANCE_PORTS } })
    expect(instancePorts.map(({ internal, external }) => [internal, external])).toEqual([
      [8080, 61045],
      [2222, 61046],
    ])
  })

  it.each([
    ['{', 'INVALID_JSON'],
    ['{}', 'INVALID_STRUCTURE'],
    ['[1]', 'INVALID_STRUCTURE'],
    ['[{"internal":"8080"}]', 'INVALID_STRUCTURE'],
  ])('refuses CF_INSTANCE_PORTS %j with %s', (CF_INSTANCE_PORTS, code) => {
    expect(() => readVcapApplication({ env: { CF_INSTANCE_PORTS } })).toThrow(expect.objectContaining({ code }))
  })

  it.each([{}, { VCAP_APPLICATION: '' }, { VCAP_APPLICATION: ' \n' }])('is local where nothing is set: %j', (env) => {
    const application = readVcapApplication({ env: { ...env, PORT: '3000' } })
    expect(application).toMatchObject({ isLocal: true, application_name: null, application_uris: [], port: 3000 })
  })

  it('takes a document that is given, as text or as an object', () => {
    const value = { application_name: 'shop' }
    for (const given of [value, JSON.stringify(value)]) {
      expect(readVcapApplication({ value: given, env: {} })).toMatchObject({ isLocal: false, application_name: 'shop' })
    }
    expect(() => readVcapApplication({ value: [], env: {} })).toThrow(/^the given value: expected an object/)
  })

  it("reads the founding document's dump of a DEA", () => {
    const dump = readFileSync(join(import.meta.dirname, '../test/fixtures/mission-env-dump.txt'), 'utf8')
    const VCAP_APPLICATION = /^VCAP_APPLICATION=(.*)$/m.exec(dump)?.[1]
    expect(readVcapApplication({ env: { VCAP_APPLICATION } })).toMatchObject({
      application_id: null,
      application_name: 'java-web-portal',
      application_version: '64a1acd1-432a-4691-9ec8-beebd6a9438a',
      application_uris: ['java-web-portal.10.141.123.244.xip.io'],
      limits: { mem: 1024, disk: 1024, fds: 16384, memBytes: 1_073_741_824 },
      organization_id: null,
      isLocal: false,
      host: '0.0.0.0',
      started_at: '2014-05-31 17:16:42 +0000',
      started_at_timestamp: 1401556602,
      instance_id: '9a52f39ca60f44b0908f4c87155e07f9',
      instance_index: 0,
      port: 61013,
    })
  })

  it('is content with an empty object', () => {
    expect(readVcapApplication({ env: { VCAP_APPLICATION: '{}' } })).toMatchObject({
      application_name: null,
      application_uris: [],
      limits: { fds: null, mem: null, disk: null, memBytes: null, diskBytes: null },
      port: null,
    })
  })

  it.each([
    ['{}`', 'INVALID_JSON', { path: '' }],
    ['[]', 'INVALID_STRUCTURE', { path: '' }],
    ['{"limits":1}', 'INVALID_STRUCTURE', { path: '/limits' }],
    ['{"limits":{"mem":"1G"}}', 'INVALID_STRUCTURE', { path: '/limits/mem' }],
    ['{"uris":"a"}', 'INVALID_STRUCTURE', { path: '/uris' }],
  ])('refuses %j with %s', (VCAP_APPLICATION, code, details) => {
    expect(() => readVcapApplication({ env: { VCAP_APPLICATION } })).toThrow(
      expect.objectContaining({ code, ...details }),
    )
  })
})
