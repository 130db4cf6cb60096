import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalog } from './catalog.js'
import { fits } from './fits.js'
import { bindRequest, provisionRequest, updateRequest } from './requests.js'
import { bindingResponse, errorResponse, instanceResponse, lastOperation, responseSchemas } from './responses.js'

const maintenance_info = { version: '1.0.0', description: 'text' }
const context = { platform: 'cloudfoundry', organization_guid: 'o' }
const metadata = { labels: { a: 'b' }, attributes: {} }
const ids = { service_id: 's', plan_id: 'p' }
const binding = {
  metadata: { expires_at: '2026-01-31T12:00:00.0Z', renew_before: '2026-01-30T12:00:00.0Z' },
  credentials: { uri: 'x', nested: { deep: [1] } },
  syslog_drain_url: 'syslog://x',
  route_service_url: null,
  volume_mounts: [
    {
      driver: 'd',
      container_dir: '/c',
      mode: 'rw',
      device_type: 'shared',
      device: { volume_id: 'v', mount_config: { a: 1 } },
    },
  ],
  endpoints: [{ host: 'h', ports: ['80', '8000-9000'], protocol: 'tcp' }],
  parameters: { a: 1 },
}
const plan = {
  id: 'p',
  name: 'p',
  description: 'd',
  free: true,
  maximum_polling_duration: 10,
  maintenance_info,
  schemas: { service_instance: { create: { parameters: { type: 'object' } } } },
}
const offering = { id: 's', name: 'n', description: 'd', tags: ['t'], requires: ['syslog_drain'], bindable: true }

/** A valid value for each schema, with every field that it knows. */
const cases: Readonly<Record<string, { readonly schema: z.ZodType; readonly valid: unknown }>> = {
  provisionRequest: {
    schema: provisionRequest,
    valid: { ...ids, context, organization_guid: 'o', space_guid: 's', parameters: { a: [1] }, maintenance_info },
  },
  updateRequest: {
    schema: updateRequest,
    valid: { ...ids, context, parameters: {}, previous_values: { ...ids, organization_id: 'o' }, maintenance_info },
  },
  bindRequest: {
    schema: bindRequest,
    valid: { ...ids, context, app_guid: 'a', bind_resource: { app_guid: 'a', app_annotations: {} }, parameters: {} },
  },
  rotation: { schema: bindRequest, valid: { predecessor_binding_id: 'b', context } },
  provisioned: {
    schema: responseSchemas.provision.accepted,
    valid: { dashboard_url: 'u', metadata, operation: 'o' },
  },
  updated: { schema: responseSchemas.update.accepted, valid: { dashboard_url: null, metadata, operation: 'o' } },
  deleted: { schema: responseSchemas.deprovision.deleted, valid: {} },
  instanceResponse: {
    schema: instanceResponse,
    valid: { ...ids, dashboard_url: 'u', parameters: {}, maintenance_info, metadata },
  },
  bindingResponse: { schema: bindingResponse, valid: binding },
  lastOperation: {
    schema: lastOperation,
    valid: { state: 'failed', description: 'd', instance_usable: true, update_repeatable: false },
  },
  errorResponse: { schema: errorResponse, valid: { error: 'E', description: 'd', instance_usable: false } },
  catalog: { schema: catalog, valid: { services: [{ ...offering, plans: [plan] }] } },
}

class NotPlain {
  readonly field = 1
}

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'x', '80', 'rw', '2026-02-31T12:00:00.0Z', 0, 1.5, true, [], {}, [1]),
  fc.constantFrom<unknown>(new NotPlain(), Object.create(null), new Date(0), new Map(), () => 1, 'x'.repeat(10_001)),
  fc.jsonValue(),
)

/** Puts a value at one of the places of another, found by numbers. */
function withOddity(value: unknown, places: readonly number[], odd: unknown): unknown {
  const [place, ...rest] = places
  if (place === undefined || typeof value !== 'object' || value === null) return odd
  if (Array.isArray(value)) {
    const index = place % (value.length + 1)
    return [...value.slice(0, index), withOddity(value[index], rest, odd), ...value.slice(index + 1)]
  }
  const keys = [...Object.keys(value), 'unknown']
  const key = keys[place % keys.length] as string
  return { ...value, [key]: withOddity((value as Record<string, unknown>)[key], rest, odd) }
}

describe.each(Object.entries(cases))('fits: %s', (_name, { schema, valid }) => {
  it('takes what is valid', () => {
    expect(schema.safeParse(valid).success).toBe(true)
    expect(fits(schema, valid)).toBe(true)
  })

  it('says what parsing says, whatever stands anywhere', () => {
    const places = fc.array(fc.nat(20), { maxLength: 5 })
    const oddities = fc.array(fc.tuple(places, oddValue), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(oddities, (changes) => {
        const value = changes.reduce<unknown>((whole, [where, odd]) => withOddity(whole, where, odd), valid)
        expect(fits(schema, value)).toBe(schema.safeParse(value).success)
      }),
      { numRuns: 1000 },
    )
  })
})

it.each([
  { kind: 'strict objects', schema: z.strictObject({ a: z.string() }), values: [{ a: 'x' }, { a: 'x', b: 1 }, 1] },
  { kind: 'numbers', schema: z.number().min(3), values: [3, 2, '3'] },
  { kind: 'records of something', schema: z.record(z.string(), z.number()), values: [{ a: 1 }, { a: '1' }] },
  { kind: 'unions', schema: z.union([z.string(), z.null()]), values: ['a', null, 1] },
])('fits: leaves to the schema itself: $kind', ({ schema, values }) => {
  for (const value of values) expect(fits(schema, value)).toBe(schema.safeParse(value).success)
})
