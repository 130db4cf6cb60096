import { catalog as catalogSchema } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineOffering, type OfferingDefinition } from './define-offering.js'
import { definePlan, type PlanDefinition } from './define-plan.js'
import { toCatalog } from './to-catalog.js'

const work = {
  provision: async () => {},
  deprovision: async () => {},
}

function offering(own: Partial<OfferingDefinition>): OfferingDefinition {
  const plans = [plan({})]
  return {
    id: 'o1',
    name: 'db',
    description: 'a database',
    bindable: true,
    plans,
    ...work,
    ...own,
  }
}

function plan(own: Partial<PlanDefinition>): PlanDefinition {
  return { id: 'p1', name: 'small', description: 'small', ...own }
}

describe('toCatalog', () => {
  it('CAT-15 … CAT-36: shows the wire fields and nothing else', () => {
    const full = defineOffering({
      id: 'o1',
      name: 'db',
      description: 'a database',
      bindable: true,
      plan_updateable: true,
      allow_context_updates: true,
      tags: ['sql'],
      requires: ['syslog_drain'],
      metadata: { displayName: 'DB' },
      dashboard_client: { id: 'c', secret: 's' },
      async: 'always',
      expectedDurationSeconds: 60,
      plans: [
        definePlan({
          id: 'p1',
          name: 'small',
          description: 'small',
          free: false,
          bindable: false,
          binding_rotatable: true,
          plan_updateable: false,
          maximum_polling_duration: 60,
          maintenance_info: { version: '1.0.0' },
          metadata: { bullets: ['x'] },
        }),
      ],
      ...work,
      update: async () => ({}),
    })
    const { provision, update, deprovision, async: _async, expectedDurationSeconds, ...wire } = full
    void [provision, update, deprovision, expectedDurationSeconds]
    expect(toCatalog([full])).toEqual({ services: [{ ...wire, instances_retrievable: true }] })
  })

  it('T29: leaves out what is not given, so that defaults hold', () => {
    const { services } = toCatalog([offering({})])
    expect(services[0]?.plans[0]).toEqual({ id: 'p1', name: 'small', description: 'small' })
    expect(Object.values(services[0] ?? {})).not.toContain(undefined)
    expect(catalogSchema.safeParse({ services }).success).toBe(true)
  })

  it.each([
    [true, true, undefined],
    [true, false, true],
    [undefined, false, false],
  ])(
    'GETI-01, GETB-01, T13: bindings_retrievable is %s where the offering says %s and the plan %s',
    (expected, bindable, ofPlan) => {
      const own = ofPlan === undefined ? {} : { bindable: ofPlan }
      const [found] = toCatalog([offering({ bindable, plans: [plan(own)] })]).services
      expect(found?.bindings_retrievable).toBe(expected)
      expect(found?.instances_retrievable).toBe(true)
    },
  )

  it('SCH-01, SCH-03: publishes zod schemas as draft 4, what is sent rather than what is made of it', () => {
    const parameters = {
      provision: z.object({ charset: z.enum(['a', 'b']).default('a'), gb: z.number().gt(0) }),
      bind: z.object({ read_only: z.boolean().default(false) }),
    }
    const schemas = toCatalog([offering({ plans: [plan({ parameters })] })]).services[0]?.plans[0]?.schemas
    expect(schemas?.service_instance?.create?.parameters).toMatchObject({
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      required: ['gb'],
      properties: { gb: { minimum: 0, exclusiveMinimum: true } },
    })
    expect(schemas?.service_instance).not.toHaveProperty('update')
    expect(schemas?.service_binding?.create?.parameters).not.toHaveProperty('required')
  })

  it('SCH-03: keeps the draft of a JSON Schema that comes beside its validator, and names draft 4 where none is', () => {
    const published = (jsonSchema: Record<string, unknown>) => {
      const parameters = { update: { schema: z.object({}), jsonSchema } }
      return toCatalog([offering({ plans: [plan({ parameters })] })]).services[0]?.plans[0]?.schemas?.service_instance
        ?.update
    }
    const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }
    expect(published(draft07)?.parameters).toEqual(draft07)
    expect(published({ type: 'object' })?.parameters?.['$schema']).toBe('http://json-schema.org/draft-04/schema#')
  })

  it('has no schemas where a plan declares no parameters', () => {
    expect(toCatalog([offering({ plans: [plan({ parameters: {} })] })]).services[0]?.plans[0]).not.toHaveProperty(
      'schemas',
    )
  })

  it('SCH-05: refuses schemas over 65,536 bytes, naming the place', () => {
    const jsonSchema = { $schema: 'x', description: 'é'.repeat(33_000) }
    const parameters = { bind: { schema: z.object({}), jsonSchema } }
    expect(() => toCatalog([offering({ plans: [plan({ parameters })] })])).toThrow(
      /offering "db", plan "small", schemas\.service_binding\.create\.parameters.*66\d{3} bytes/,
    )
  })

  it('refuses schemas that cannot be written as draft 4, naming the place', () => {
    const parameters = { provision: z.object({ at: z.date() }) }
    expect(() => toCatalog([offering({ plans: [plan({ parameters })] })])).toThrow(
      /offering "db", plan "small", schemas\.service_instance\.create\.parameters/,
    )
  })

  it.each([
    [
      'CAT-21',
      /two service offerings have the id "o1"/,
      [offering({}), offering({ name: 'other', plans: [plan({ id: 'p2' })] })],
    ],
    [
      'CAT-18',
      /two service offerings have the name "db"/,
      [offering({}), offering({ id: 'o2', plans: [plan({ id: 'p2' })] })],
    ],
    ['CAT-30', /two service plans have the id "p1"/, [offering({}), offering({ id: 'o2', name: 'other' })]],
    [
      'CAT-33',
      /services\/0\/plans\/1\/name two plans of one service offering have the name "small"/,
      [offering({ plans: [plan({}), plan({ id: 'p2' })] })],
    ],
  ])('%s: refuses repeats (%s)', (_id, message, offerings) => {
    expect(() => toCatalog(offerings)).toThrow(message)
  })

  it('CAT-13, CAT-33: lets names differ by case, and two offerings have a plan of the same name', () => {
    const other = offering({ id: 'o2', name: 'DB', plans: [plan({ id: 'p2' })] })
    expect(toCatalog([offering({}), other]).services).toHaveLength(2)
  })
})
