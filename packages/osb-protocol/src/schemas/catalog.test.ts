import { describeSchemas } from '../../test/support/schema-table.js'
import { expect, it } from 'vitest'
import { catalog } from './catalog.js'

const plan = { id: 'p', name: 'small', description: 'one' }
const offering = { id: 'o', name: 'mysql', description: 'MySQL', bindable: true, plans: [plan] }
const withOffering = (extra: object) => ({ services: [{ ...offering, ...extra }] })
const withPlan = (extra: object) => withOffering({ plans: [{ ...plan, ...extra }] })

describeSchemas({
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
})
