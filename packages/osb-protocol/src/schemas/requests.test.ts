import { describeSchemas } from '../../test/support/schema-table.js'
import { bindRequest, provisionRequest, updateRequest } from './requests.js'

const ids = { service_id: 'o', plan_id: 'p' }

describeSchemas({
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
})
