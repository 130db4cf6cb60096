import { describeSchemas } from '../../test/support/schema-table.js'
import { expect, it } from 'vitest'
import { maximumOperationCharacters, operationText } from './common.js'
import {
  accepted,
  bindingResponse,
  bindResponse,
  errorResponse,
  instanceResponse,
  lastOperation,
  provisionAccepted,
  provisionResponse,
  updateAccepted,
  updateResponse,
} from './responses.js'

const ids = { service_id: 'o', plan_id: 'p' }
const mount = { driver: 'nfs', container_dir: '/d', mode: 'rw', device_type: 'shared', device: { volume_id: 'v' } }
const long = 'x'.repeat(maximumOperationCharacters + 1)

describeSchemas({
  provisionResponse: {
    schema: provisionResponse,
    valid: [
      ['nothing', {}],
      ['PROV-28: a null dashboard', { dashboard_url: null }],
      ['PROV-33: metadata', { dashboard_url: 'https://d', metadata: { labels: { k: 'v' }, attributes: { k: 1 } } }],
    ],
    invalid: [
      ['PROV-28: a dashboard that is no text', { dashboard_url: 1 }, '/dashboard_url'],
      ['labels as an array', { metadata: { labels: [] } }, '/metadata/labels'],
    ],
  },
  provisionAccepted: {
    schema: provisionAccepted,
    valid: [
      ['PROV-29: an operation', { operation: 'o', dashboard_url: 'https://d' }],
      ['PROV-31: a null operation', { operation: null }],
    ],
    invalid: [['PROV-32: an operation too long', { operation: long }, '/operation']],
  },
  updateAccepted: {
    schema: updateAccepted,
    valid: [
      ['A11: a long operation', { operation: long }],
      ['nothing', {}],
    ],
    invalid: [
      ['UPD-46: a null operation', { operation: null }, '/operation'],
      ['UPD-46: an empty operation', { operation: '' }, '/operation'],
    ],
  },
  accepted: {
    schema: accepted,
    valid: [['BIND-38: an operation', { operation: 'o' }]],
    invalid: [
      ['BIND-40: an operation too long', { operation: long }, '/operation'],
      ['a null operation', { operation: null }, '/operation'],
    ],
  },
  updateResponse: { schema: updateResponse, valid: [['A9: nothing', {}]], invalid: [['a text', 'ok', '']] },
  instanceResponse: {
    schema: instanceResponse,
    valid: [
      ['nothing', {}],
      [
        'every field',
        {
          ...ids,
          dashboard_url: 'https://d',
          parameters: {},
          maintenance_info: { version: '1.0.0' },
          metadata: { labels: {} },
        },
      ],
    ],
    invalid: [
      ['parameters as text', { parameters: '{}' }, '/parameters'],
      ['CAT-41: no version', { maintenance_info: {} }, '/maintenance_info/version'],
    ],
  },
  bindResponse: {
    schema: bindResponse,
    valid: [
      ['nothing', {}],
      [
        'every field',
        {
          metadata: { expires_at: '2026-01-31T12:00:00.0Z', renew_before: '2026-01-31T11:00:00.0Z' },
          credentials: { uri: 'mysql://u:p@h' },
          syslog_drain_url: 'syslog://h',
          route_service_url: 'https://r',
          volume_mounts: [mount],
          endpoints: [{ host: 'h', ports: ['3306', '9000-9010'], protocol: 'tcp' }],
        },
      ],
      ['T47: any number of fraction digits', { metadata: { expires_at: '2026-01-31T12:00:00.123456Z' } }],
      [
        'BMD-06: both times the same',
        { metadata: { expires_at: '2026-01-31T12:00:00.0Z', renew_before: '2026-01-31T12:00:00.00Z' } },
      ],
      [
        'null where platforms get it from brokers',
        { syslog_drain_url: null, route_service_url: null, volume_mounts: null },
      ],
    ],
    invalid: [
      ['BIND-43: credentials as text', { credentials: 'secret' }, '/credentials'],
      ['BMD-02, T47: no fraction', { metadata: { expires_at: '2026-01-31T12:00:00Z' } }, '/metadata/expires_at'],
      ['BMD-02: another zone', { metadata: { expires_at: '2026-01-31T12:00:00.0+01:00' } }, '/metadata/expires_at'],
      ['BMD-02: no such time', { metadata: { expires_at: '2026-13-31T12:00:00.0Z' } }, '/metadata/expires_at'],
      ['BMD-08: a date alone', { metadata: { renew_before: '2026-01-31' } }, '/metadata/renew_before'],
      [
        'BMD-06: renewal after the end',
        { metadata: { expires_at: '2026-01-31T12:00:00.0Z', renew_before: '2026-01-31T12:00:00.5Z' } },
        '/metadata/renew_before',
      ],
      ['VOL-02: no driver', { volume_mounts: [{ ...mount, driver: undefined }] }, '/volume_mounts/0/driver'],
      [
        'VOL-03: no directory',
        { volume_mounts: [{ ...mount, container_dir: undefined }] },
        '/volume_mounts/0/container_dir',
      ],
      ['VOL-04: another mode', { volume_mounts: [{ ...mount, mode: 'w' }] }, '/volume_mounts/0/mode'],
      ['VOL-05: another type', { volume_mounts: [{ ...mount, device_type: 'own' }] }, '/volume_mounts/0/device_type'],
      ['VOL-06: no device', { volume_mounts: [{ ...mount, device: undefined }] }, '/volume_mounts/0/device'],
      ['VOL-07: no volume', { volume_mounts: [{ ...mount, device: {} }] }, '/volume_mounts/0/device/volume_id'],
      ['END-01: no host', { endpoints: [{ ports: ['1'] }] }, '/endpoints/0/host'],
      ['END-02: no ports', { endpoints: [{ host: 'h', ports: [] }] }, '/endpoints/0/ports'],
      ['END-02, T46: a port as a number', { endpoints: [{ host: 'h', ports: [1] }] }, '/endpoints/0/ports/0'],
      ['END-02: a range without an end', { endpoints: [{ host: 'h', ports: ['1-'] }] }, '/endpoints/0/ports/0'],
      [
        'END-03: another protocol',
        { endpoints: [{ host: 'h', ports: ['1'], protocol: 'sctp' }] },
        '/endpoints/0/protocol',
      ],
    ],
  },
  bindingResponse: {
    schema: bindingResponse,
    valid: [['parameters', { credentials: {}, parameters: { read_only: true } }]],
    invalid: [
      ['parameters as an array', { parameters: [] }, '/parameters'],
      [
        'BMD-06: renewal after the end',
        { metadata: { expires_at: '2026-01-31T12:00:00.0Z', renew_before: '2027-01-31T12:00:00.0Z' } },
        '/metadata/renew_before',
      ],
    ],
  },
  lastOperation: {
    schema: lastOperation,
    valid: [
      ['T18: in progress', { state: 'in progress' }],
      ['LOI-21, LOI-22: a failed update', { state: 'failed', instance_usable: false, update_repeatable: false }],
      ['A19: an empty description', { state: 'succeeded', description: '' }],
    ],
    invalid: [
      ['LOI-17: no state', {}, '/state'],
      ['T18: an underscore', { state: 'in_progress' }, '/state'],
      ['LOI-21: a text for a boolean', { state: 'failed', instance_usable: 'no' }, '/instance_usable'],
    ],
  },
  errorResponse: {
    schema: errorResponse,
    valid: [
      ['nothing', {}],
      [
        'ERR-03 … ERR-06: every field',
        { error: 'E', description: 'd', instance_usable: true, update_repeatable: true },
      ],
    ],
    invalid: [
      ['ERR-03: an empty error', { error: '' }, '/error'],
      ['ERR-04: an empty description', { description: '' }, '/description'],
    ],
  },
})

it('EXT-03: keeps unknown fields in every nested object', () => {
  const x = { x: 1 }
  const bound = {
    metadata: x,
    volume_mounts: [{ ...mount, ...x, device: { volume_id: 'v', ...x } }],
    endpoints: [{ host: 'h', ports: ['1'], ...x }],
  }
  expect(bindResponse.parse(bound)).toEqual(bound)
})

it('A11: counts the characters of an operation as code points', () => {
  expect(operationText.safeParse('😀'.repeat(maximumOperationCharacters)).success).toBe(true)
  expect(operationText.safeParse('😀'.repeat(maximumOperationCharacters + 1)).success).toBe(false)
})
