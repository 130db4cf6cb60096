import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { JsonObject } from 'osb-protocol'
import { defineOffering, definePlan, type OfferingDefinition } from 'osb-server'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

/** A validator of another library, or of another copy of zod: all that is asked of it is Standard Schema. */
declare const foreign: StandardSchemaV1<{ a?: string }, { a: string }> &
  StandardJSONSchemaV1<{ a?: string }, { a: string }>
declare const validator: StandardSchemaV1<unknown, { b: number }>

const fields = { id: 'o', name: 'db', description: 'd' } as const
const work = { provision: async () => ({ state: undefined }), deprovision: async () => {} }
const binding = { bind: async () => ({}), unbind: async () => {} }
const small = definePlan({
  id: 's',
  name: 'small',
  description: 's',
  parameters: {
    provision: z.object({ charset: z.enum(['a', 'b']).default('a') }),
    update: z.object({ gb: z.int() }),
    bind: foreign,
  },
})
const large = definePlan({
  id: 'l',
  name: 'large',
  description: 'l',
  parameters: { provision: { schema: validator, jsonSchema: {} }, bind: { jsonSchema: { type: 'object' } } },
})

describe('what handlers return', () => {
  const plans = [small] as const

  it('is nothing where the offering keeps no state', () => {
    const stateless = defineOffering({
      ...fields,
      bindable: false,
      plans: [definePlan({ ...fields, plan_updateable: true })],
      provision: async () => {},
      update: async () => {},
      deprovision: async ({ instance }) => {
        expectTypeOf(instance.state).toBeUndefined()
      },
    })
    expectTypeOf(stateless).toExtend<OfferingDefinition>()
    const described = async () => ({ metadata: { labels: { team: 'blue' } } })
    defineOffering({ ...fields, bindable: false, plans, ...work, update: async () => {}, provision: described })
  })

  it('is state everywhere where it is state anywhere', () => {
    defineOffering({
      ...fields,
      ...work,
      bindable: false,
      plans,
      update: async () => {},
      // @ts-expect-error The handlers below would find no state in some instances.
      provision: async ({ instance_id }) => (instance_id === '' ? {} : { state: { host: 'h' } }),
    })
  })
})

describe('what handlers get', () => {
  it('is what their plan declares, told apart by plan_name', () => {
    defineOffering({
      ...fields,
      bindable: true,
      plans: [small, large],
      provision: async (input) => {
        expectTypeOf(input.plan_name).toEqualTypeOf<'small' | 'large'>()
        if (input.plan_name === 'small') expectTypeOf(input.parameters).toEqualTypeOf<{ charset: 'a' | 'b' }>()
        else expectTypeOf(input.parameters).toEqualTypeOf<{ b: number }>()
        return { state: { host: 'h' } }
      },
      update: async (input) => {
        expectTypeOf(input.previous_plan_name).toEqualTypeOf<'small' | 'large'>()
        if (input.plan_name === 'small') expectTypeOf(input.parameters).toEqualTypeOf<{ gb: number } | undefined>()
        else expectTypeOf(input.parameters).toEqualTypeOf<JsonObject | undefined>()
        return { state: { host: 'other' } }
      },
      bind: async (input) => {
        expectTypeOf(input.instance.state).toEqualTypeOf<{ host: string }>()
        if (input.plan_name === 'small') expectTypeOf(input.parameters).toEqualTypeOf<{ a: string }>()
        else expectTypeOf(input.parameters).toEqualTypeOf<JsonObject>()
        return {}
      },
      unbind: async ({ instance }) => {
        expectTypeOf(instance.state.host).toEqualTypeOf<string>()
      },
      deprovision: async () => {},
    })
  })

  it('is what the offering declares where the plan has none of that kind', () => {
    defineOffering({
      ...fields,
      bindable: false,
      parameters: { provision: z.object({ shared: z.string() }) },
      plans: [small, definePlan({ id: 'p', name: 'plain', description: 'p' })],
      ...binding,
      deprovision: async () => {},
      provision: async (input) => {
        if (input.plan_name === 'small') expectTypeOf(input.parameters).toEqualTypeOf<{ charset: 'a' | 'b' }>()
        else expectTypeOf(input.parameters).toEqualTypeOf<{ shared: string }>()
        return { state: undefined }
      },
      update: async () => ({}),
    })
  })
})

const plain = definePlan({ id: 'p', name: 'plain', description: 'p' })

describe('a handler that the catalog promises cannot be left out', () => {
  it('bind and unbind, of an offering or plan that is bindable', () => {
    const bindable = definePlan({ id: 'b', name: 'b', description: 'b', bindable: true })
    const closed = definePlan({ id: 'c', name: 'c', description: 'c', bindable: false })
    // @ts-expect-error bind and unbind are missing
    defineOffering({ ...fields, bindable: true, plans: [plain], ...work })
    // @ts-expect-error unbind is missing
    defineOffering({ ...fields, bindable: true, plans: [plain], ...work, bind: async () => ({}) })
    // @ts-expect-error bind and unbind are missing
    defineOffering({ ...fields, bindable: false, plans: [closed, bindable], ...work })
    defineOffering({ ...fields, bindable: true, plans: [closed], ...work })
    defineOffering({ ...fields, bindable: false, plans: [plain], ...work })
    defineOffering({ ...fields, bindable: true, plans: [plain], ...work, ...binding })
  })

  it('update, where a plan can be changed', () => {
    const updateable = definePlan({ id: 'u', name: 'u', description: 'u', plan_updateable: true })
    const fixed = definePlan({ id: 'f', name: 'f', description: 'f', plan_updateable: false })
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plan_updateable: true, plans: [plain], ...work })
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plans: [plain, updateable], ...work })
    defineOffering({ ...fields, bindable: false, plan_updateable: true, plans: [fixed], ...work })
  })

  it('update, where it has parameters, a maintenance version or context updates', () => {
    const maintained = definePlan({ id: 'm', name: 'm', description: 'm', maintenance_info: { version: '1.0.0' } })
    const parameters = { update: z.object({}) }
    const context = { allow_context_updates: true } as const
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plans: [maintained], ...work })
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plans: [small], ...work })
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plans: [plain], parameters, ...work })
    // @ts-expect-error update is missing
    defineOffering({ ...fields, bindable: false, plans: [plain], ...context, ...work })
    defineOffering({ ...fields, bindable: false, plans: [plain], ...context, ...work, update: async () => ({}) })
  })
})

describe('what an offering keeps', () => {
  it('state, checkpoints and the state of bindings are typed by what is returned and declared', () => {
    defineOffering({
      ...fields,
      bindable: true,
      plans: [plain],
      checkpoints: z.object({ step: z.number() }),
      provision: async ({ checkpoint, checkpointed }) => {
        expectTypeOf(checkpointed).toEqualTypeOf<{ step: number } | undefined>()
        await checkpoint({ step: 1 })
        // @ts-expect-error it is a number
        await checkpoint({ step: 'one' })
        return { state: { host: 'h' } }
      },
      bind: async ({ instance, checkpointed }) => {
        expectTypeOf(instance.state).toEqualTypeOf<{ host: string }>()
        expectTypeOf(checkpointed).toEqualTypeOf<{ step: number } | undefined>()
        return { credentials: {}, state: { user: 'u' } }
      },
      unbind: async ({ instance, bindingState }) => {
        expectTypeOf(instance.state).toEqualTypeOf<{ host: string }>()
        expectTypeOf(bindingState).toEqualTypeOf<{ user: string } | undefined>()
      },
      deprovision: async ({ instance, checkpointed }) => {
        expectTypeOf(instance.state).toEqualTypeOf<{ host: string } | undefined>()
        expectTypeOf(checkpointed).toEqualTypeOf<{ step: number } | undefined>()
      },
    })
  })

  it('checkpoints are unknown where no schema is given', () => {
    defineOffering({
      ...fields,
      bindable: false,
      plans: [plain],
      provision: async ({ checkpointed, checkpoint }) => {
        expectTypeOf(checkpointed).toEqualTypeOf<unknown>()
        await checkpoint('anything')
        return { state: 1 }
      },
      deprovision: async () => {},
    })
  })

  it('readBinding cannot be left out where credentials are not stored, and is typed', () => {
    const secretly = { storesCredentials: false } as const
    // @ts-expect-error readBinding is missing
    defineOffering({ ...fields, ...secretly, bindable: true, plans: [plain], ...work, ...binding })
    defineOffering({ ...fields, storesCredentials: true, bindable: true, plans: [plain], ...work, ...binding })
    defineOffering({
      ...fields,
      storesCredentials: false,
      bindable: true,
      plans: [plain],
      provision: async () => ({ state: { host: 'h' } }),
      deprovision: async () => {},
      bind: async () => ({ credentials: {}, state: { path: 'p' } }),
      unbind: async () => {},
      readBinding: async ({ instance, bindingState }) => {
        expectTypeOf(instance.state).toEqualTypeOf<{ host: string }>()
        expectTypeOf(bindingState).toEqualTypeOf<{ path: string } | undefined>()
        return { credentials: {} }
      },
    })
  })

  it('an offering of any types fits where any offering is taken', () => {
    const typed = defineOffering({
      ...fields,
      bindable: true,
      plans: [small],
      checkpoints: z.object({ step: z.number() }),
      provision: async () => ({ state: { host: 'h' } }),
      update: async () => ({}),
      deprovision: async () => {},
      bind: async () => ({ state: { user: 'u' } }),
      unbind: async () => {},
    })
    const offerings: readonly OfferingDefinition[] = [typed]
    expectTypeOf(offerings).items.toEqualTypeOf<OfferingDefinition>()
  })
})

it('CAT-27: misspelt fields of a plan are refused', () => {
  // @ts-expect-error it is plan_updateable
  definePlan({ id: 'p', name: 'p', description: 'p', plan_updatable: true })
})
