import { describe, expect, it } from 'vitest'
import { composeVcapServices } from './index.js'

const guids = { instance_guid: 'i-1', binding_guid: 'b-1' }
const offering = { name: 'collector', tags: ['collector', 'http'] }
const plan = { name: 'normal' }

describe('composeVcapServices', () => {
  it('writes a managed service as Cloud Controller does, in its order of keys', () => {
    const composed = composeVcapServices([
      {
        ...guids,
        offering,
        plan,
        instance_name: 'records',
        tags: ['mine', 'http'],
        credentials: { uri: 'http://localhost:5000' },
      },
    ])
    expect(JSON.stringify(composed)).toBe(
      '{"collector":[{"label":"collector","provider":null,"plan":"normal","name":"records",' +
        '"tags":["collector","http","mine"],"instance_guid":"i-1","instance_name":"records","binding_guid":"b-1",' +
        '"binding_name":null,"credentials":{"uri":"http://localhost:5000"},"syslog_drain_url":null,"volume_mounts":[]}]}',
    )
  })

  it('writes a user-provided service without plan and provider', () => {
    const binding = { ...guids, instance_name: 'audit', tags: ['a', 'a'], syslog_drain_url: '' }
    expect(JSON.stringify(composeVcapServices([binding]))).toBe(
      '{"user-provided":[{"label":"user-provided","name":"audit","tags":["a","a"],"instance_guid":"i-1",' +
        '"instance_name":"audit","binding_guid":"b-1","binding_name":null,"credentials":{},"syslog_drain_url":"",' +
        '"volume_mounts":[]}]}',
    )
  })

  it.each([
    ['audit-binding', 'audit-binding'],
    [null, 'audit'],
    [' ', 'audit'],
  ])('of the binding name %j makes the name %j', (binding_name, name) => {
    expect(composeVcapServices([{ ...guids, instance_name: 'audit', binding_name }])['user-provided']).toEqual([
      expect.objectContaining({ name, binding_name, instance_name: 'audit' }),
    ])
  })

  it('shows three fields of a volume mount and keeps null credentials', () => {
    const mount = {
      driver: 'nfs',
      container_dir: '/data',
      mode: 'rw',
      device_type: 'shared',
      device: { volume_id: 'v' },
    }
    const binding = { ...guids, offering, plan, instance_name: 'v', volume_mounts: [mount], credentials: null }
    expect(composeVcapServices([binding]).collector).toEqual([
      expect.objectContaining({
        credentials: null,
        volume_mounts: [{ container_dir: '/data', mode: 'rw', device_type: 'shared' }],
      }),
    ])
  })

  it('groups by offering and keeps the newest binding of an instance in the place of the first', () => {
    const other = { name: 'redis' }
    const composed = composeVcapServices([
      { offering, plan, instance_guid: 'i-1', binding_guid: 'b-1', instance_name: 'one' },
      { offering: other, plan, instance_guid: 'i-2', binding_guid: 'b-2', instance_name: 'two' },
      { offering, plan, instance_guid: 'i-3', binding_guid: 'b-3', instance_name: 'three' },
      { offering, plan, instance_guid: 'i-1', binding_guid: 'b-4', instance_name: 'one' },
    ])
    expect(
      Object.entries(composed).map(([label, list]) => [label, list.map((service) => service.binding_guid)]),
    ).toEqual([
      ['collector', ['b-4', 'b-3']],
      ['redis', ['b-2']],
    ])
  })

  it('composes an empty object when nothing is bound', () => {
    expect(composeVcapServices([])).toEqual({})
  })
})
