import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { jsonPointer } from '../requirements.js'
import { catalog } from './catalog.js'
import { maximumOperationCharacters, operationText } from './common.js'
import { bindRequest, provisionRequest, updateRequest } from './requests.js'
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

const plan = { id: 'p', name: 'small', description: 'one' }
const offering = { id: 'o', name: 'mysql', description: 'MySQL', bindable: true, plans: [plan] }
const withOffering = (extra: object) => ({ services: [{ ...offering, ...extra }] })
const withPlan = (extra: object) => withOffering({ plans: [{ ...plan, ...extra }] })
const ids = { service_id: 'o', plan_id: 'p' }
const mount = { driver: 'nfs', container_dir: '/d', mode: 'rw', device_type: 'shared', device: { volume_id: 'v' } }
const long = 'x'.repeat(maximumOperationCharacters + 1)

/** Schema → bodies that fit it, and bodies that do not with the pointer of what is wrong. */
const table: Record<string, { schema: ZodType; valid: [string, object][]; invalid: [string, unknown, string][] }> = {
  catalog: {
    schema: catalog,
    valid: [
      ['CAT-16: no services', { services: [] }],
      ['CAT-17, CAT-20, CAT-23, CAT-25, CAT-28: the least', withOffering({})],
      [
        'every field of an offering',
        withOffering({
          tags: ['db'],
          requires: ['syslog_drain', 'route_forwarding', 'volume_mount'],
          instances_retrievable: true,
          bindings_retrievable: true,
          allow_context_updates: false,
          metadata: { displayName: 'MySQL', costs: [{ unit: 'MONTHLY' }] },
          dashboard_client: { id: 'c', secret: 's', redirect_uri: 'https://d' },
          plan_updateable: true,
        }),
      ],
      [
        'every field of a plan',
        withPlan({
          metadata: {},
          free: false,
          bindable: false,
          binding_rotatable: true,
          plan_updateable: false,
          schemas: {
            service_instance: { create: { parameters: { $schema: 'x' } }, update: {} },
            service_binding: { create: { parameters: {} } },
          },
          maximum_polling_duration: 3600,
          maintenance_info: { version: '2.1.1+abcdef', description: 'new OS' },
        }),
      ],
    ],
    invalid: [
      ['CAT-15: no services', {}, '/services'],
      ['CAT-17: an empty name', withOffering({ name: '' }), '/services/0/name'],
      ['CAT-20: an empty id', withOffering({ id: '' }), '/services/0/id'],
      ['CAT-23: no description', withOffering({ description: undefined }), '/services/0/description'],
      ['CAT-24: an unknown permission', withOffering({ requires: ['volume_mounts'] }), '/services/0/requires/0'],
      ['CAT-25: bindable as text', withOffering({ bindable: 'true' }), '/services/0/bindable'],
      ['CAT-28, T30: no plans', withOffering({ plans: [] }), '/services/0/plans'],
      ['CAT-29: a plan without id', withPlan({ id: undefined }), '/services/0/plans/0/id'],
      ['CAT-35: an empty plan description', withPlan({ description: '' }), '/services/0/plans/0/description'],
      [
        'CAT-40: half a second',
        withPlan({ maximum_polling_duration: 0.5 }),
        '/services/0/plans/0/maximum_polling_duration',
      ],
      ['CAT-41: no version', withPlan({ maintenance_info: {} }), '/services/0/plans/0/maintenance_info/version'],
      ['CEX-03: no secret', withOffering({ dashboard_client: { id: 'c' } }), '/services/0/dashboard_client/secret'],
      ['an array', [], ''],
      ['null', null, ''],
    ],
  },
  provisionRequest: {
    schema: provisionRequest,
    valid: [
      ['T32: without organization and space', ids],
      [
        'every field',
        {
          ...ids,
          context: { platform: 'cloudfoundry', organization_guid: 'g' },
          organization_guid: 'g',
          space_guid: 's',
          parameters: { any: { thing: [1] } },
          maintenance_info: { version: '1.0.0' },
        },
      ],
    ],
    invalid: [
      ['PROV-06: no service_id', { plan_id: 'p' }, '/service_id'],
      ['PROV-07: an empty plan_id', { ...ids, plan_id: '' }, '/plan_id'],
      ['PROV-09: an empty organization_guid', { ...ids, organization_guid: '' }, '/organization_guid'],
      ['CTX-04: a platform that is no text', { ...ids, context: { platform: 1 } }, '/context/platform'],
      ['parameters as an array', { ...ids, parameters: [] }, '/parameters'],
    ],
  },
  updateRequest: {
    schema: updateRequest,
    valid: [
      ['T37: the least', { service_id: 'o' }],
      [
        'T52: previous values',
        { service_id: 'o', previous_values: { organization_id: 'g', space_id: 's', plan_id: 'p' } },
      ],
    ],
    invalid: [
      ['UPD-10: no service_id', {}, '/service_id'],
      [
        'UPD-15: an empty previous plan',
        { service_id: 'o', previous_values: { plan_id: '' } },
        '/previous_values/plan_id',
      ],
    ],
  },
  bindRequest: {
    schema: bindRequest,
    valid: [
      ['BIND-17: the least', ids],
      ['A6: a rotation alone', { predecessor_binding_id: 'b' }],
      ['A6: a rotation with the ids', { ...ids, predecessor_binding_id: 'b' }],
      [
        'BIND-19: every field',
        {
          ...ids,
          context: {},
          app_guid: 'a',
          bind_resource: { app_guid: 'a', route: 'r', space_guid: 's', app_annotations: {}, credential_client_id: 'c' },
          parameters: {},
        },
      ],
    ],
    invalid: [
      ['BIND-13: no service_id', { plan_id: 'p' }, '/service_id'],
      ['BIND-14: no plan_id', { service_id: 'o' }, '/plan_id'],
      ['BIND-15: an empty app_guid', { ...ids, app_guid: '' }, '/app_guid'],
      ['ROT-03: an empty predecessor', { ...ids, predecessor_binding_id: '' }, '/predecessor_binding_id'],
      [
        'BRES-05: an empty client',
        { ...ids, bind_resource: { credential_client_id: '' } },
        '/bind_resource/credential_client_id',
      ],
    ],
  },
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
}

describe.each(Object.entries(table))('%s', (_name, { schema, valid, invalid }) => {
  it.each(valid)('takes %s', (_what, body) => {
    expect(schema.parse(body)).toEqual(body)
  })

  it.each(valid)('EXT-03, EXT-04: keeps an unknown field beside %s', (_what, body) => {
    const extended = { ...body, 'x-vendor': { deep: [null] } }
    expect(schema.parse(extended)).toEqual(extended)
  })

  it.each(invalid)('refuses %s', (_what, body, pointer) => {
    const { error } = schema.safeParse(body)
    expect(error?.issues.map(({ path }) => jsonPointer(path))).toContain(pointer)
  })
})

it('EXT-03: keeps unknown fields in every nested object', () => {
  const x = { x: 1 }
  const body = withOffering({
    ...x,
    dashboard_client: { id: 'c', secret: 's', ...x },
    plans: [
      {
        ...plan,
        ...x,
        maintenance_info: { version: '1', ...x },
        schemas: { ...x, service_instance: { ...x, create: x }, service_binding: x },
      },
    ],
  })
  expect(catalog.parse(body)).toEqual(body)
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
