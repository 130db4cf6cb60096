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
      application_version: null,
      instance_index: 2,
      instance_id: 'instance-guid',
      port: 8080,
    })
  })

  it("reads the founding document's dump of a DEA", () => {
    const dump = readFileSync(join(import.meta.dirname, '../test/fixtures/mission-env-dump.txt'), 'utf8')
    const VCAP_APPLICATION = /^VCAP_APPLICATION=(.*)$/m.exec(dump)?.[1]
    expect(readVcapApplication({ env: { VCAP_APPLICATION } })).toMatchObject({
      application_id: null,
      application_name: 'java-web-portal',
      application_version: '64a1acd1-432a-4691-9ec8-beebd6a9438a',
      application_uris: ['java-web-portal.10.141.123.244.xip.io'],
      limits: { mem: 1024, disk: 1024, fds: 16384 },
      organization_id: null,
      instance_id: '9a52f39ca60f44b0908f4c87155e07f9',
      instance_index: 0,
      port: 61013,
    })
  })

  it('is content with an empty object', () => {
    expect(readVcapApplication({ env: { VCAP_APPLICATION: '{}' } })).toMatchObject({
      application_name: null,
      application_uris: [],
      limits: { fds: null, mem: null, disk: null },
      port: null,
    })
  })

  it.each([
    [undefined, 'NOT_SET', {}],
    [' ', 'NOT_SET', {}],
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
