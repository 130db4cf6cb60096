import type { Catalog } from 'osb-protocol'
import { describe, expect, it, vi } from 'vitest'
import { binding, fakeBroker, instance, send } from '../../test/support/wire.js'

const drafts = {
  '4': 'http://json-schema.org/draft-04/schema#',
  '7': 'http://json-schema.org/draft-07/schema#',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
}

function catalogOf($schema: string, more: object = {}): Catalog {
  const parameters = { $schema, type: 'object', properties: { size: { type: 'integer' } }, ...more }
  const schemas = {
    service_instance: { create: { parameters: { ...parameters, required: ['size'] } }, update: { parameters } },
    service_binding: { create: { parameters } },
  }
  const plan = { id: 'p', name: 'small', description: 'd', schemas }
  return { services: [{ id: 'o', name: 'db', description: 'd', bindable: true, plans: [plan] }] }
}

const serving = (catalog: Catalog, own: object = {}) =>
  fakeBroker({ catalog: async () => ({ outcome: 'found', body: catalog }), ...own })
const body = (parameters?: unknown) => ({ body: { service_id: 'o', plan_id: 'p', parameters } })

describe.each(Object.entries(drafts))(
  'T49: the parameters of a back end are validated by its catalog, in draft %s',
  (_draft, $schema) => {
    it.each([
      ['PROV-11', `PUT ${instance}`, { size: 'secret' }, 400],
      ['PROV-11', `PUT ${instance}`, undefined, 400],
      ['PROV-11', `PUT ${instance}`, { size: 1 }, 201],
      ['UPD-13', `PATCH ${instance}`, { size: 'secret' }, 400],
      ['UPD-13', `PATCH ${instance}`, undefined, 200],
      ['BIND-16', `PUT ${binding}`, { size: 'secret' }, 400],
      ['BIND-16', `PUT ${binding}`, undefined, 201],
    ])('%s: %s with %j', async (_rule, line, parameters, status) => {
      const answer = await send(serving(catalogOf($schema)), line, body(parameters))
      expect(answer.status).toBe(status)
      if (status === 400) expect(JSON.stringify(answer.body)).toMatch(/\/parameters/)
      expect(JSON.stringify(answer.body)).not.toContain('secret')
    })
  },
)

it('gives the back end the parameters as they came', async () => {
  const provision = vi.fn(async () => ({ outcome: 'created', body: {} }) as const)
  const parameters = { size: 1, more: [null] }
  await send(serving(catalogOf(drafts['4']), { provision }), `PUT ${instance}`, body(parameters))
  expect(provision).toHaveBeenCalledWith(expect.objectContaining({ parameters }), expect.anything())
})

it.each([
  ['SCH-03', 'of no known draft', catalogOf('https://example.com/own')],
  ['SCH-04', 'with a reference out of it', catalogOf(drafts['4'], { properties: { a: { $ref: 'https://a/b' } } })],
  ['OSB-SCHEMA', 'that is no schema', catalogOf(drafts['4'], { required: true })],
  ['OSB-PATTERN', 'that can be kept busy', catalogOf(drafts['4'], { properties: { a: { pattern: '^(a+)+$' } } })],
])('%s: a catalog with a schema %s is not served', async (rule, _what, catalog) => {
  await expect(serving(catalog).reload()).rejects.toThrow(`(${rule})`)
})
