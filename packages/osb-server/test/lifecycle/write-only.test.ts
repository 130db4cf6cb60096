import { createBroker, defineOffering, definePlan, memoryStore, noAuth } from 'osb-server'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { binding, instance, send } from '../support/wire.js'

const password = z.string().meta({ writeOnly: true })

it('GETI-15, GETB-20: writeOnly parameters never appear in a fetch, and reach the functions', async () => {
  const received: unknown[] = []
  const small = definePlan({
    id: 'small',
    name: 'small',
    description: 'd',
    plan_updateable: true,
    parameters: {
      provision: z.object({ admin: z.object({ name: z.string(), password }), charset: z.string() }),
      update: z.object({ token: password }),
      bind: { jsonSchema: { type: 'object', properties: { key: { type: 'string', writeOnly: true } } } },
    },
  })
  // It declares nothing itself; what came by the other plan's schema stays hidden.
  const large = definePlan({ id: 'large', name: 'large', description: 'd' })
  const offering = defineOffering({
    id: 'o',
    name: 'db',
    description: 'd',
    bindable: true,
    plans: [small, large],
    provision: async ({ parameters }) => {
      received.push(parameters)
      return { state: undefined }
    },
    update: async ({ parameters }) => {
      received.push(parameters)
      return {}
    },
    bind: async ({ parameters, instance: { parameters: ofInstance } }) => {
      received.push(parameters, ofInstance)
      return { credentials: {} }
    },
    unbind: async () => {},
    deprovision: async () => {},
  })
  const broker = createBroker({ offerings: [offering], auth: noAuth(), store: memoryStore() })
  const ids = { service_id: 'o', plan_id: 'small' }
  const parameters = { admin: { name: 'root', password: 'hunter2' }, charset: 'utf8' }
  expect((await send(broker, `PUT ${instance}`, { body: { ...ids, parameters } })).status).toBe(201)
  const fetched = { admin: { name: 'root' }, charset: 'utf8' }
  expect((await send(broker, `GET ${instance}`)).body).toMatchObject({ parameters: fetched })
  await send(broker, `PATCH ${instance}`, { body: { service_id: 'o', parameters: { token: 'hunter3' } } })
  await send(broker, `PUT ${binding}`, { body: { ...ids, parameters: { key: 'hunter4', role: 'reader' } } })
  expect((await send(broker, `GET ${binding}`)).body).toEqual({ credentials: {}, parameters: { role: 'reader' } })
  await send(broker, `PATCH ${instance}`, { body: { service_id: 'o', plan_id: 'large' } })
  const last = await send(broker, `GET ${instance}`)
  expect(last.body).toEqual({
    service_id: 'o',
    plan_id: 'large',
    parameters: fetched,
  })
  expect(received).toEqual([
    parameters,
    { token: 'hunter3' },
    { key: 'hunter4', role: 'reader' },
    { ...parameters, token: 'hunter3' },
    undefined,
  ])
  await broker.close()
})
