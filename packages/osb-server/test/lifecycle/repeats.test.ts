import { expect, it, vi } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

it('PROV-13: answers 201 to the provision that created the instance', async () => {
  const { provision } = testBroker()
  expect(await provision('i')).toMatchObject({ status: 201, body: {} })
})

it('PROV-12, T01: answers 200 to an identical repeat and calls the author once', async () => {
  const create = vi.fn(async () => ({ state: { host: 'h' } }))
  const { provision } = testBroker({ provision: create })
  await provision('i', { parameters: { size: 1, charset: 'utf8' } })
  expect((await provision('i', { parameters: { charset: 'utf8', size: 1 } })).status).toBe(200)
  expect(create).toHaveBeenCalledTimes(1)
})

it.each([
  ['a default written out', { parameters: { charset: 'utf8' } }, 200],
  [
    'the same place in the context only',
    {
      organization_guid: undefined,
      space_guid: undefined,
      context: { platform: 'cloudfoundry', organization_guid: 'org', space_guid: 'space' },
    },
    200,
  ],
  ['another name in the context (CFC-09)', { context: { platform: 'cloudfoundry', instance_name: 'new' } }, 200],
  ['another plan', { plan_id: 'plan-large' }, 409],
  ['other parameters', { parameters: { charset: 'latin1' } }, 409],
  ['another organization', { organization_guid: 'other' }, 409],
  ['another space', { space_guid: 'other' }, 409],
  ['a namespace', { context: { platform: 'kubernetes', namespace: 'n' } }, 409],
])('PROV-19, T05: a repeat with %s', async (_what, more, status) => {
  const { provision } = testBroker()
  await provision('i')
  expect((await provision('i', more)).status).toBe(status)
})

it('PROV-15, PROV-16, T02: answers 202 with the same operation until the provision is done, then 200', async () => {
  const held = gate()
  const { provision, pollToEnd } = testBroker({
    provision: async () => {
      await held.passed
      return { state: { host: 'h' } }
    },
  })
  const first = await provision('i', {}, incomplete)
  expect(first).toMatchObject({ status: 202, body: { operation: expect.stringMatching(/^create-/) } })
  expect(await provision('i', {}, incomplete)).toMatchObject({ status: 202, body: first.body })
  expect((await provision('i', { plan_id: 'plan-large' }, incomplete)).status).toBe(409)
  held.open()
  expect((await pollToEnd('i', first.body.operation)).body).toEqual({ state: 'succeeded' })
  expect((await provision('i', {}, incomplete)).status).toBe(200)
})

it('a repeat without accepts_incomplete joins the running call: one 201, the others 200', async () => {
  const create = vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return { state: { host: 'h' } }
  })
  const { provision } = testBroker({ provision: create })
  const answers = await Promise.all(Array.from({ length: 10 }, () => provision('i')))
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201])
  expect(create).toHaveBeenCalledTimes(1)
})

it('PROV-19: ten different provisions at once give one create and nine 409', async () => {
  const { provision } = testBroker()
  const answers = await Promise.all(Array.from({ length: 10 }, (_, size) => provision('i', { parameters: { size } })))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
})

it('BIND-22, BIND-23: 201 with credentials, then 200 with the same ones', async () => {
  const { provision, bind } = testBroker()
  await provision('i')
  const first = await bind('i', 'b', { parameters: { read_only: true }, bind_resource: { app_guid: 'app' } })
  expect(first).toMatchObject({ status: 201, body: { credentials: { host: 'host-of-i', username: 'b' } } })
  const annotated = { app_guid: 'app', app_annotations: { 'a/b': 'new' } }
  const again = await bind('i', 'b', { parameters: { read_only: true }, bind_resource: annotated, app_guid: 'app' })
  expect(again).toMatchObject({ status: 200, body: first.body })
})

it.each([
  ['other parameters', { parameters: { read_only: true } }],
  ['another app', { app_guid: 'other' }],
  ['a route', { bind_resource: { app_guid: 'app', route: 'a.example' } }],
])('BIND-30: a repeat of a bind with %s is 409', async (_what, more) => {
  const { provision, bind } = testBroker()
  await provision('i')
  await bind('i', 'b', { app_guid: 'app' })
  expect((await bind('i', 'b', { app_guid: 'app', ...more })).status).toBe(409)
})

it('BIND-26, BIND-27: an asynchronous bind gives only its operation, and the fetch the credentials', async () => {
  const held = gate()
  const { provision, bind, send, pollToEnd } = testBroker({
    bind: async () => {
      await held.passed
      return { credentials: { password: 'p' } }
    },
  })
  await provision('i')
  const path = '/v2/service_instances/i/service_bindings/b'
  const first = await bind('i', 'b', {}, incomplete)
  expect(first).toMatchObject({ status: 202, body: { operation: expect.any(String) } })
  expect(Object.keys(first.body)).toEqual(['operation'])
  expect(await bind('i', 'b', {}, incomplete)).toMatchObject({ status: 202, body: first.body })
  expect((await send('GET', path)).status).toBe(404) // GETB-08
  held.open()
  expect((await pollToEnd('i/service_bindings/b', first.body.operation)).body).toEqual({ state: 'succeeded' })
  expect((await send('GET', path)).body).toEqual({ credentials: { password: 'p' } })
})

it('a platform of 2.13 gets no 202 to a bind', async () => {
  const { provision, send } = testBroker({
    bind: async () => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return { credentials: {} }
    },
  })
  await provision('i')
  const body = { service_id: 'service', plan_id: 'plan-small' }
  const path = `/v2/service_instances/i/service_bindings/b${incomplete}`
  expect((await send('PUT', path, body, { 'X-Broker-API-Version': '2.13' })).status).toBe(201)
})

it('UNB-11, UNB-17, DEP-10, DEP-16, T07: 200 for the delete, 410 for its repeat', async () => {
  const { provision, bind, unbind, deprovision } = testBroker()
  await provision('i')
  await bind('i', 'b')
  expect(await unbind('i', 'b')).toMatchObject({ status: 200, body: {} })
  expect((await unbind('i', 'b')).status).toBe(410)
  expect(await deprovision('i')).toMatchObject({ status: 200, body: {} })
  expect((await deprovision('i')).status).toBe(410)
  expect((await unbind('i', 'b')).status).toBe(410)
})

it('DEP-12, DEP-13: 202 with the same operation while the delete runs, then succeeded', async () => {
  const held = gate()
  const { provision, deprovision, pollToEnd } = testBroker({ deprovision: () => held.passed })
  await provision('i')
  const first = await deprovision('i', incomplete)
  expect(first.status).toBe(202)
  expect(await deprovision('i', incomplete)).toMatchObject({ status: 202, body: first.body })
  held.open()
  expect((await pollToEnd('i', first.body.operation)).body).toEqual({ state: 'succeeded' })
  expect((await deprovision('i', incomplete)).status).toBe(410)
})

it('A2: bindings left at deprovision go with the instance', async () => {
  const { provision, bind, unbind, deprovision } = testBroker()
  await provision('i')
  await bind('i', 'b')
  await deprovision('i')
  expect((await unbind('i', 'b')).status).toBe(410)
  expect((await provision('i')).status).toBe(201)
  expect((await unbind('i', 'b')).status).toBe(410)
})

it('A3: a delete that names another plan than the instance has is 400', async () => {
  const { provision, send } = testBroker()
  await provision('i')
  expect((await send('DELETE', '/v2/service_instances/i?service_id=service&plan_id=plan-large')).status).toBe(400)
})

it('UPD-22, UPD-25: an update is applied, and an identical one joins while it runs', async () => {
  const held = gate()
  const { provision, update, send, pollToEnd } = testBroker({
    update: async () => {
      await held.passed
      return {}
    },
  })
  await provision('i', { parameters: { charset: 'latin1' } })
  const first = await update('i', { parameters: { size: 5 } }, incomplete)
  expect(first.status).toBe(202)
  expect(await update('i', { parameters: { size: 5 } }, incomplete)).toMatchObject({ status: 202, body: first.body })
  expect(await update('i', { parameters: { size: 6 } }, incomplete)).toMatchObject({
    status: 422,
    body: { error: 'ConcurrencyError' },
  })
  expect((await send('GET', '/v2/service_instances/i')).body).toMatchObject({ parameters: { charset: 'latin1' } })
  held.open()
  expect((await pollToEnd('i', first.body.operation)).body).toEqual({ state: 'succeeded' })
  const fetched = await send('GET', '/v2/service_instances/i')
  expect(fetched.body['parameters']).toEqual({ charset: 'latin1', size: 5 })
})

it('UPD-12, UPD-03: the plan changes only when asked, and only away from a plan that allows it', async () => {
  const { provision, update, send } = testBroker()
  await provision('i')
  expect((await update('i', { parameters: { size: 1 } })).status).toBe(200)
  expect((await send('GET', '/v2/service_instances/i')).body['plan_id']).toBe('plan-small')
  expect((await update('i', { plan_id: 'plan-large' })).status).toBe(200)
  expect((await send('GET', '/v2/service_instances/i')).body['plan_id']).toBe('plan-large')
  expect(await update('i', { plan_id: 'plan-small' })).toMatchObject({ status: 422, body: { error: 'Unprocessable' } })
})

it('A1: an update or a bind of an unknown instance is 404', async () => {
  const { update, bind } = testBroker()
  expect((await update('i', { parameters: { size: 1 } })).status).toBe(404)
  expect((await bind('i', 'b')).status).toBe(404)
})

it('PROV-12: an author who changes what a function is given changes nothing that is stored', async () => {
  const spoil = (value: object | undefined): Record<string, unknown> => Object.assign(value ?? {}, { spoiled: true })
  const { provision, update, bind, send } = testBroker({
    provision: async ({ context }) => ({ state: { host: String(spoil(context)['platform']) } }),
    update: async ({ instance, context }) => {
      for (const part of [instance.state, instance.parameters, instance.context, context]) spoil(part)
      return {}
    },
    bind: async ({ instance, context }) => {
      for (const part of [instance.state, instance.parameters, instance.context, context]) spoil(part)
      return { credentials: { host: instance.state.host } }
    },
  })
  const given = { context: { platform: 'test' }, parameters: { size: 1 } }
  const statuses = [
    await provision('i', given),
    await update('i', { parameters: { size: 2 } }),
    await bind('i', 'b', { context: { platform: 'test' } }),
    await provision('i', { ...given, parameters: { size: 2 } }),
    await bind('i', 'b', { context: { platform: 'test' } }),
  ].map(({ status }) => status)
  expect(statuses).toEqual([201, 200, 201, 200, 200])
  expect((await send('GET', '/v2/service_instances/i')).body['parameters']).toEqual({ size: 2 })
})
