import { type Broker, createBroker, defineOffering, definePlan, memoryStore, noAuth } from 'osb-server'
import { afterEach, describe, expect, it } from 'vitest'
import { binding, instance, send } from '../support/wire.js'

const open: Broker[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((broker) => broker.close()))
})

/** A broker before, and one after its plan or its whole offering has gone from the code. */
async function brokers(what: 'plan' | 'offering') {
  const store = memoryStore()
  const seen: unknown[] = []
  const make = (offeringId: string, ...planIds: string[]) => {
    const offering = defineOffering({
      id: offeringId,
      name: `name-${offeringId}`,
      description: 'd',
      bindable: true,
      plan_updateable: true,
      plans: planIds.map((id) => definePlan({ id, name: `name-${id}`, description: 'd' })),
      provision: async () => ({ state: { host: 'h' } }),
      update: async () => ({}),
      bind: async () => ({ credentials: { password: 'p' }, state: { user: 'u' } }),
      unbind: async ({ plan_name, instance: { state }, bindingState }) => {
        seen.push(['unbind', plan_name, state, bindingState])
      },
      deprovision: async ({ plan_id, plan_name, instance: { state } }) => {
        seen.push(['deprovision', plan_id, plan_name, state])
      },
    })
    const broker = createBroker({ offerings: [offering], auth: noAuth(), store, onError: () => {} })
    open.push(broker)
    return broker
  }
  const before = make('o', 'gone', 'new')
  const body = { service_id: 'o', plan_id: 'gone', parameters: { password: 'secret', size: 1 } }
  expect((await send(before, `PUT ${instance}`, { body })).status).toBe(201)
  expect((await send(before, `PUT ${binding}`, { body })).status).toBe(201)
  return { before, after: make(what === 'plan' ? 'o' : 'other', 'new'), seen, body }
}

const hints = 'service_id=o&plan_id=gone'

describe.each(['plan', 'offering'] as const)('an instance whose %s has gone from the broker', (what) => {
  it('can be polled and fetched', async () => {
    const { after } = await brokers(what)
    for (const place of [instance, binding]) {
      const polled = await send(after, `GET ${place}/last_operation?${hints}`)
      expect(polled).toMatchObject({ status: 200, body: { state: 'succeeded' } })
    }
    const parameters = { password: 'secret', size: 1 }
    // What was writeOnly is not known any more without the offering.
    const shown = what === 'plan' ? { parameters } : {}
    expect((await send(after, `GET ${instance}`)).body).toEqual({ service_id: 'o', plan_id: 'gone', ...shown })
    expect((await send(after, `GET ${binding}`)).body).toEqual({ credentials: { password: 'p' }, ...shown })
  })

  it('takes no updates and no bindings', async () => {
    const { after, body } = await brokers(what)
    const update = await send(after, `PATCH ${instance}`, { body: { service_id: 'o', plan_id: 'new' } })
    expect(update.status).toBe(what === 'plan' ? 422 : 400)
    expect((await send(after, `PATCH ${instance}`, { body })).status).toBe(400)
    expect((await send(after, `PUT ${instance}/service_bindings/b2`, { body })).status).toBe(400)
  })
})

it('what is left of a plan that has gone is deleted by the functions of its offering, without a plan name', async () => {
  const { after, seen } = await brokers('plan')
  expect((await send(after, `DELETE ${binding}?${hints}`)).status).toBe(200)
  expect((await send(after, `DELETE ${instance}?${hints}`)).status).toBe(200)
  expect(seen).toEqual([
    ['unbind', '', { host: 'h' }, { user: 'u' }],
    ['deprovision', 'gone', '', { host: 'h' }],
  ])
})

it('what is left of an offering that has gone is kept, with a reason, until the offering is back', async () => {
  const { before, after, seen } = await brokers('offering')
  for (const place of [binding, instance]) {
    const refused = await send(after, `DELETE ${place}?${hints}`)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ description: expect.stringContaining('not served by this broker any more') })
    expect((await send(after, `GET ${place}`)).status).toBe(200)
  }
  expect((await send(before, `DELETE ${binding}?${hints}`)).status).toBe(200)
  expect((await send(before, `DELETE ${instance}?${hints}`)).status).toBe(200)
  expect(seen).toHaveLength(2)
})
