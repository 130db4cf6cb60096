import { expect, it } from 'vitest'
import { lintCatalog } from './lint-catalog.js'

const guid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`
const draft04 = 'http://json-schema.org/draft-04/schema#'
const plan = (more: object = {}) => ({ id: guid(1), name: 'small', description: 'Small', ...more })
const offering = (more: object = {}) => ({
  id: guid(2),
  name: 'mysql',
  description: 'MySQL',
  bindable: true,
  bindings_retrievable: true,
  plans: [plan()],
  ...more,
})
const withPlan = (more: object) => offering({ plans: [plan(more)] })
const withSchema = (schema: object) => withPlan({ schemas: { service_instance: { create: { parameters: schema } } } })

it('finds nothing in a catalog that all platforms take', () => {
  const schema = {
    $schema: draft04,
    type: 'object',
    properties: { a: { $ref: '#/definitions/a' } },
    definitions: { a: {} },
  }
  const maintenance_info = { version: '1.2.3-rc.1+abc', description: 'Restarts the server' }
  const services = [
    offering({ tags: ['sql'], metadata: { shareable: true } }),
    withPlan({ id: guid(3), maintenance_info, metadata: { costs: [{ amount: { usd: 9.9 }, unit: 'MONTHLY' }] } }),
  ]
  const apart = services.map((each, index) => ({ ...each, id: guid(4 + index), name: `mysql-${index}` }))
  expect(lintCatalog({ services: apart })).toEqual([])
  expect(lintCatalog({ services: [withSchema(schema)] })).toEqual([])
})

const plans = '/services/0/plans/0'
const create = `${plans}/schemas/service_instance/create/parameters`

it.each([
  ['CAT-15', 'MUST', '/services', {}],
  ['CAT-17', 'MUST', '/services/0/name', { services: [offering({ name: '' })] }],
  ['CAT-28', 'MUST', '/services/0/plans', { services: [offering({ plans: [] })] }],
  ['CAT-21', 'MUST', '/services/1/id', { services: [offering(), withPlan({ id: guid(3) })], names: true }],
  ['CAT-18', 'MUST', '/services/1/name', { services: [offering(), { ...withPlan({ id: guid(3) }), id: guid(5) }] }],
  ['CAT-30', 'MUST', '/services/1/plans/0/id', { services: [offering(), offering({ id: guid(5), name: 'b' })] }],
  ['CAT-33', 'MUST', '/services/0/plans/1/name', { services: [offering({ plans: [plan(), plan({ id: guid(3) })] })] }],
  ['CAT-22', 'SHOULD', '/services/0/id', { services: [offering({ id: 'mysql' })] }],
  ['CAT-31', 'SHOULD', `${plans}/id`, { services: [withPlan({ id: 'small' })] }],
  ['SM-ID', 'SHOULD', '/services/0/id', { services: [offering({ id: 'a/b' })] }],
  ['CC-BLANK', 'SHOULD', '/services/0/name', { services: [offering({ name: ' ' })] }],
  ['CAT-19', 'SHOULD', '/services/0/name', { services: [offering({ name: 'my sql' })] }],
  ['CAT-34', 'SHOULD', `${plans}/name`, { services: [withPlan({ name: 'small plan' })] }],
  ['CAT-14', 'SHOULD', '/services/0/name', { services: [offering({ name: '-' })] }],
  ['CAT-09', 'SHOULD', '/services/0/description', { services: [offering({ description: 'x'.repeat(256) })] }],
  ['CC-DESCRIPTION', 'SHOULD', `${plans}/description`, { services: [withPlan({ description: 'x'.repeat(10_001) })] }],
  ['CC-TAGS', 'SHOULD', '/services/0/tags', { services: [offering({ tags: ['x'.repeat(2049)] })] }],
  ['SMD-04', 'SHOULD', '/services/0/metadata/shareable', { services: [offering({ metadata: { shareable: 'yes' } })] }],
  [
    'CC-REDIRECT-URI',
    'SHOULD',
    '/services/0/dashboard_client',
    { services: [offering({ dashboard_client: { id: 'c', secret: 's' } })] },
  ],
  ['CAT-27', 'MUST', '/services/0/plan_updatable', { services: [offering({ plan_updatable: true })] }],
  ['CAT-27', 'MUST', `${plans}/plan_updatable`, { services: [withPlan({ plan_updatable: true })] }],
  ['CAT-09', 'SHOULD', `${plans}/name`, { services: [withPlan({ name: 'x'.repeat(256) })] }],
  ['CAT-09', 'SHOULD', '/services/0/tags', { services: [offering({ tags: ['x'.repeat(256)] })] }],
  ['CC-REQUIRES', 'note', '/services/0/requires', { services: [offering({ requires: ['volume_mount'] })] }],
  ['T29', 'note', `${plans}/free`, { services: [withPlan({ free: false })] }],
  [
    'SMD-01',
    'SHOULD',
    '/services/0/metadata/display_name',
    { services: [offering({ metadata: { display_name: 'x' } })] },
  ],
  ['SMD-01', 'SHOULD', `${plans}/metadata/Bullets`, { services: [withPlan({ metadata: { Bullets: [] } })] }],
  [
    'SM-PLATFORMS',
    'SHOULD',
    `${plans}/metadata`,
    { services: [withPlan({ metadata: { supportedPlatforms: ['x'], supportedPlatformNames: ['y'] } })] },
  ],
  [
    'CC-DASHBOARD-CLIENT',
    'SHOULD',
    '/services/1/dashboard_client/id',
    {
      services: [1, 2].map((digit) => ({
        ...offering({ dashboard_client: { id: 'c', secret: 's', redirect_uri: 'https://d' } }),
        id: guid(digit),
        name: `name-${digit}`,
        plans: [plan({ id: guid(digit + 2) })],
      })),
    },
  ],
  [
    'CC-MAINTENANCE-INFO',
    'SHOULD',
    `${plans}/maintenance_info`,
    { services: [withPlan({ maintenance_info: { version: '1.0.0', description: 'd', more: 1 } })] },
  ],
  [
    'CAT-43',
    'note',
    `${plans}/schemas/service_binding`,
    { services: [withPlan({ bindable: false, schemas: { service_binding: { create: {} } } })] },
  ],
  ['CC-SERVICES', 'note', '/services', { services: [] }],
  [
    'BIND-03',
    'note',
    '/services/0/requires',
    { services: [offering({ bindable: false, requires: ['syslog_drain'] })] },
  ],
  ['T13', 'note', '/services/0/bindings_retrievable', { services: [offering({ bindings_retrievable: false })] }],
  [
    'MNT-01',
    'MUST',
    `${plans}/maintenance_info/version`,
    { services: [withPlan({ maintenance_info: { version: '1' } })] },
  ],
  ['MNT-03', 'note', `${plans}/maintenance_info`, { services: [withPlan({ maintenance_info: { version: '1.0.0' } })] }],
  [
    'CC-MAINTENANCE-INFO',
    'SHOULD',
    `${plans}/maintenance_info`,
    { services: [withPlan({ maintenance_info: { version: '1.0.0', description: 'x'.repeat(2000) } })] },
  ],
  ['SMD-03', 'MUST', `${plans}/metadata/costs/0`, { services: [withPlan({ metadata: { costs: [{ amount: 1 }] } })] }],
  ['POL-02', 'SHOULD', `${plans}/maximum_polling_duration`, { services: [withPlan({ maximum_polling_duration: 0 })] }],
  [
    'ROT-01',
    'note',
    `${plans}/binding_rotatable`,
    { services: [withPlan({ binding_rotatable: true, bindable: false })] },
  ],
  ['SCH-03', 'MUST', create, { services: [withSchema({ type: 'object' })] }],
  ['SCH-03', 'MUST', create, { services: [withSchema({ $schema: 'https://example.com/own' })] }],
  ['OSB-SCHEMA', 'MUST', `${create}/required`, { services: [withSchema({ $schema: draft04, required: true })] }],
  [
    'OSB-PATTERN',
    'MUST',
    `${create}/properties/a/pattern`,
    { services: [withSchema({ $schema: draft04, properties: { a: { pattern: '^(a+)+$' } } })] },
  ],
  [
    'OSB-PATTERN',
    'MUST',
    `${create}/patternProperties/[`,
    { services: [withSchema({ $schema: draft04, patternProperties: { '[': {} } })] },
  ],
  [
    'OSB-PATTERN',
    'SHOULD',
    `${create}/pattern`,
    { services: [withSchema({ $schema: draft04, pattern: '^([a-z]{1,20}){1,20}$' })] },
  ],
  [
    'SCH-04',
    'MUST',
    `${create}/properties/a/$ref`,
    { services: [withSchema({ $schema: draft04, properties: { a: { $ref: 'https://example.com/a.json' } } })] },
  ],
  ['SCH-05', 'MUST', create, { services: [withSchema({ $schema: draft04, description: 'é'.repeat(33_000) })] }],
  ['SCH-05', 'SHOULD', create, { services: [withSchema({ $schema: draft04, description: 'x'.repeat(64_500) })] }],
  [
    'SCH-01',
    'note',
    `${create}/$schema`,
    { services: [withSchema({ $schema: 'https://json-schema.org/draft/2020-12/schema' })] },
  ],
])('%s is a %s at %s', (rule, level, pointer, catalog) => {
  const found = lintCatalog(catalog).filter((each) => each.rule === rule)
  expect(found).toEqual([{ rule, level, pointer, message: expect.any(String) }])
})

it('passes over what only looks like a reference, and ends at a schema without a bottom', () => {
  const data = { $schema: draft04, default: { $ref: 'x' }, enum: [{ $ref: 'x' }] }
  expect(lintCatalog({ services: [withSchema(data)] })).toEqual([])
  let deep: object = {}
  for (let level = 0; level < 200; level++) deep = { not: deep }
  const rules = lintCatalog({ services: [withSchema({ $schema: draft04, ...deep })] }).map(({ rule }) => rule)
  expect(rules).toEqual(['OSB-DEPTH'])
})
