import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noAuth } from '../auth/no-auth.js'
import { createBroker } from '../lifecycle/create-broker.js'
import { memoryStore } from '../stores/memory-store.js'
import { binding, instance, send } from '../../test/support/wire.js'
import { defineOffering } from './define-offering.js'
import { definePlan } from './define-plan.js'
import { toPublishedSchema } from './to-published-schema.js'

type Library = StandardSchemaV1<{ a?: string }, { a: string }> & StandardJSONSchemaV1<{ a?: string }, { a: string }>

/** A library that knows only some drafts. */
function library(input: (target: string) => Record<string, unknown>): Library {
  return {
    '~standard': {
      version: 1,
      vendor: 'other',
      validate: (value) => ({ value: { a: 'default', ...(value as object) } }),
      jsonSchema: { input: ({ target }) => input(target), output: ({ target }) => input(target) },
    },
  }
}

function unknownTarget(): never {
  throw new Error('unknown target')
}

const draft04 = 'http://json-schema.org/draft-04/schema#'
const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { const: 'x' } } }
const converted = { $schema: draft04, properties: { a: { enum: ['x'] } } }

describe('SCH-01: the schema that is published', () => {
  it('is of draft 4 where the library has it', () => {
    expect(toPublishedSchema(z.object({ a: z.literal('x') }), 'here')).toMatchObject({ $schema: draft04 })
  })

  it.each([
    ['does not know draft 4', library((target) => (target === 'draft-07' ? draft07 : unknownTarget()))],
    ['answers with another draft', library(() => draft07)],
  ])('is converted from draft 7 where the library %s', (_what, definition) => {
    expect(toPublishedSchema(definition, 'here')).toEqual(converted)
  })

  it('is refused, with its place, where draft 4 cannot say it', () => {
    const definition = library(() => ({ ...draft07, properties: { a: { propertyNames: { maxLength: 3 } } } }))
    expect(() => toPublishedSchema(definition, 'plan "small"')).toThrow(
      /^plan "small": .* draft 4: \/properties\/a\/propertyNames has no counterpart/,
    )
    const of2020 = library(() => ({ $schema: 'https://json-schema.org/draft/2020-12/schema' }))
    expect(() => toPublishedSchema(of2020, 'plan "small"')).toThrow(/none that can be converted/)
  })
})

it('spreads the parameters of an offering over its plans, whose own come first', async () => {
  const seen: unknown[] = []
  const own = definePlan({
    id: 'own',
    name: 'own',
    description: 'd',
    parameters: { provision: library(() => draft07) },
  })
  const broker = createBroker({
    offerings: [
      defineOffering({
        id: 'o',
        name: 'db',
        description: 'd',
        bindable: true,
        parameters: {
          provision: z.object({ gb: z.int().default(1) }),
          bind: { jsonSchema: { type: 'object', required: ['role'] } },
        },
        plans: [own, definePlan({ id: 'plain', name: 'plain', description: 'd' })],
        provision: async ({ parameters }) => {
          seen.push(parameters)
          return { state: undefined }
        },
        bind: async ({ parameters }) => {
          seen.push(parameters)
          return {}
        },
        unbind: async () => {},
        deprovision: async () => {},
      }),
    ],
    auth: noAuth(),
    store: memoryStore(),
  })
  const put = (line: string, plan_id: string, parameters?: object) =>
    send(broker, line, { body: { service_id: 'o', plan_id, parameters } })
  const { body } = await send(broker, 'GET /v2/catalog')
  const published = (body as { services: [{ plans: [object, object] }] }).services[0].plans
  expect(published[0]).toMatchObject({ schemas: { service_instance: { create: { parameters: converted } } } })
  expect(published[1]).toMatchObject({
    schemas: {
      service_instance: { create: { parameters: { properties: { gb: { type: 'integer' } } } } },
      service_binding: { create: { parameters: { $schema: draft04, required: ['role'] } } },
    },
  })
  expect((await put(`PUT ${instance}`, 'own')).status).toBe(201)
  expect((await put('PUT /v2/service_instances/i2', 'plain')).status).toBe(201)
  expect(await put(`PUT ${binding}`, 'own', {})).toMatchObject({
    status: 400,
    body: { description: 'The parameters are not valid; /parameters must have the property "role"' },
  })
  expect((await put(`PUT ${binding}`, 'own', { role: 'r' })).status).toBe(201)
  expect(seen).toEqual([{ a: 'default' }, { gb: 1 }, { role: 'r' }])
  await broker.close()
})
