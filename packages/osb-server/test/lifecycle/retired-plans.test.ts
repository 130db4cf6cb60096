import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noAuth } from '../../src/auth/no-auth.js'
import { createBroker } from '../../src/lifecycle/create-broker.js'
import { defineOffering, type OfferingDefinition } from '../../src/offering/define-offering.js'
import { definePlan } from '../../src/offering/define-plan.js'
import { memoryStore } from '../../src/stores/memory-store.js'
import type { Broker } from '../../src/wire/broker.js'
import { binding, instance, send } from '../support/wire.js'

const store = memoryStore()
const open: Broker[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((broker) => broker.close()))
})

const previousPlans: string[] = []

/** A broker over the one store, before or after the plan `old` (or all plans) have been retired. */
function broker(retired: 'none' | 'old' | 'all', others: readonly OfferingDefinition[] = []): Broker {
  const old = definePlan({
    id: 'old',
    name: 'old',
    description: 'd',
    plan_updateable: true,
    retired: retired !== 'none',
    parameters: { bind: z.object({}) },
  })
  const fresh = definePlan({ id: 'new', name: 'new', description: 'd', retired: retired === 'all' })
  const offering = defineOffering({
    id: 'o',
    name: 'db',
    description: 'd',
    bindable: true,
    plans: [old, fresh],
    provision: async () => ({ state: {} }),
    update: async ({ previous_plan_name }) => {
      previousPlans.push(previous_plan_name)
      return {}
    },
    bind: async () => ({ credentials: { password: 'p' } }),
    unbind: async () => {},
    deprovision: async () => {},
  })
  const made = createBroker({ offerings: [offering, ...others], auth: noAuth(), store })
  open.push(made)
  return made
}

const body = { service_id: 'o', plan_id: 'old' }
const statusOf = async (made: Broker, line: string, sent?: object) => (await send(made, line, { body: sent })).status

describe('CAT-07: a retired plan', () => {
  it('is not in the catalog, and neither is an offering that has no other plans', async () => {
    expect((await send(broker('old'), 'GET /v2/catalog')).body).toMatchObject({
      services: [{ plans: [{ id: 'new' }] }],
    })
    expect((await send(broker('all'), 'GET /v2/catalog')).body).toEqual({ services: [] })
  })

  it.each(['old', 'all'] as const)('is served on for what there is (retired: %s)', async (retired) => {
    const before = broker('none')
    expect(await statusOf(before, `PUT ${instance}`, body)).toBe(201)
    expect(await statusOf(before, `PUT ${binding}`, body)).toBe(201)
    const after = broker(retired)
    const hints = 'service_id=o&plan_id=old'
    for (const place of [instance, binding]) {
      expect(await statusOf(after, `GET ${place}`)).toBe(200)
      expect(await statusOf(after, `GET ${place}?${hints}`)).toBe(200)
      expect(await statusOf(after, `GET ${place}/last_operation?${hints}`)).toBe(200)
    }
    expect(await statusOf(after, `DELETE ${binding}?${hints}`)).toBe(200)
    expect(await statusOf(after, `DELETE ${instance}?${hints}`)).toBe(200)
  })

  it('takes no new instances or bindings, and none is moved to it, but away from it', async () => {
    await statusOf(broker('none'), `PUT ${instance}`, body)
    const after = broker('old')
    expect(await statusOf(after, 'PUT /v2/service_instances/i2', body)).toBe(400)
    expect(await statusOf(after, `PUT ${binding}`, body)).toBe(400)
    const moved = { service_id: 'o', plan_id: 'new', previous_values: { plan_id: 'old' } }
    expect(await statusOf(after, `PATCH ${instance}`, moved)).toBe(200)
    expect(previousPlans).toEqual(['old'])
    const back = { service_id: 'o', plan_id: 'old', previous_values: { plan_id: 'new' } }
    expect(await statusOf(after, `PATCH ${instance}`, back)).toBe(400)
    expect(await statusOf(after, `DELETE ${instance}?service_id=o&plan_id=new`)).toBe(200)
  })

  it.each(['old', 'all'] as const)('can be named by an update that stays with it (retired: %s)', async (retired) => {
    await statusOf(broker('none'), `PUT ${instance}`, body)
    await statusOf(broker('none'), 'PUT /v2/service_instances/i2', { service_id: 'o', plan_id: 'new' })
    const after = broker(retired)
    previousPlans.length = 0
    // Cloud Foundry sends the plan and the one before with every update; others need not send the one before.
    const stays = { ...body, parameters: { size: 2 } }
    expect(await statusOf(after, `PATCH ${instance}`, { ...stays, previous_values: { plan_id: 'old' } })).toBe(200)
    expect(await statusOf(after, `PATCH ${instance}`, stays)).toBe(200)
    expect((await send(after, `GET ${instance}`)).body).toMatchObject({ plan_id: 'old', parameters: { size: 2 } })
    expect(previousPlans).toEqual(['old', 'old'])
    const moves = await send(after, 'PATCH /v2/service_instances/i2', { body })
    expect(moves).toMatchObject({ status: 400, body: { description: 'The plan old is no longer offered.' } })
    expect(await statusOf(after, `PATCH ${instance}`, { service_id: 'o', plan_id: 'unknown' })).toBe(400)
    expect(await statusOf(after, `DELETE ${instance}?service_id=o&plan_id=old`)).toBe(200)
    expect(await statusOf(after, 'DELETE /v2/service_instances/i2?service_id=o&plan_id=new')).toBe(200)
  })

  it('can be fetched without hints where nothing that is left in the catalog can', async () => {
    await statusOf(broker('none'), `PUT ${instance}`, body)
    await statusOf(broker('none'), `PUT ${binding}`, body)
    const plain = defineOffering({
      id: 'p',
      name: 'plain',
      description: 'd',
      bindable: false,
      instances_retrievable: false,
      plans: [definePlan({ id: 'plain', name: 'plain', description: 'd' })],
      provision: async () => ({ state: {} }),
      deprovision: async () => {},
    })
    const after = broker('all', [plain])
    expect(await statusOf(after, `GET ${instance}`)).toBe(200)
    expect(await statusOf(after, `GET ${binding}`)).toBe(200)
    const other = { service_id: 'p', plan_id: 'plain' }
    expect(await statusOf(after, 'PUT /v2/service_instances/i3', other)).toBe(201)
    expect(await statusOf(after, 'GET /v2/service_instances/i3')).toBe(404)
    expect(await statusOf(after, 'GET /v2/service_instances/i3?service_id=p')).toBe(404)
  })
})
