import { describe, expect, it, vi } from 'vitest'
import { OsbError } from '../../src/errors.js'
import { fakeBroker, instance, provisionBody, send } from '../support/wire.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const described = { description: expect.stringMatching(/./) as unknown }

it('PROV-01: 201 comes after the author’s function has done the work, with all that was asked for', async () => {
  const done = vi.fn()
  const { provision } = testBroker({
    provision: async ({ instance_id, plan_name, parameters, organization_guid }) => {
      await Promise.resolve()
      done({ instance_id, plan_name, parameters, organization_guid })
      return { state: { host: 'h' } }
    },
  })
  expect((await provision('i', { parameters: { size: 3 } })).status).toBe(201)
  const asked = { plan_name: 'small', parameters: { charset: 'utf8', size: 3 }, organization_guid: 'org' }
  expect(done.mock.calls).toEqual([[{ instance_id: 'i', ...asked }]])
})

it('PROV-04: an id can be used again when its instance is deleted', async () => {
  const { provision, deprovision } = testBroker()
  await provision('i')
  await deprovision('i')
  expect((await provision('i', { plan_id: 'plan-large' })).status).toBe(201)
})

it('PROV-18: data that is not valid is 400 with a description, and nothing is made', async () => {
  const { provision, send: ask } = testBroker()
  for (const more of [{ parameters: { size: 'big' } }, { plan_id: 'none' }, { service_id: 'none' }])
    expect(await provision('i', more)).toMatchObject({ status: 400, body: described })
  expect((await ask('GET', '/v2/service_instances/i')).status).toBe(404)
})

it('PROV-23: a conflict of maintenance versions is described', async () => {
  const { provision } = testBroker()
  expect(await provision('i', { maintenance_info: { version: '0.9.0' } })).toMatchObject({
    status: 422,
    body: { error: 'MaintenanceInfoConflict', ...described },
  })
})

it('PROV-27, GETI-13: dashboard_url stands in the first answer, 202 included, and in all that follow', async () => {
  const work = gate()
  const {
    provision,
    pollToEnd,
    send: ask,
  } = testBroker({
    dashboardUrl: ({ instance_id }) => `https://dashboard/${instance_id}`,
    provision: async () => {
      await work.passed
      return { state: { host: 'h' } }
    },
  })
  const mine = { dashboard_url: 'https://dashboard/i' }
  expect(await provision('i', {}, incomplete)).toMatchObject({ status: 202, body: mine })
  work.open()
  await pollToEnd('i')
  expect(await provision('i')).toMatchObject({ status: 200, body: mine })
  expect(await ask('GET', '/v2/service_instances/i')).toMatchObject({ status: 200, body: mine })
  expect((await provision('j')).body).toEqual({ dashboard_url: 'https://dashboard/j' })
})

it('PROV-31: a back end may send operation as null', async () => {
  const broker = fakeBroker({ provision: async () => ({ outcome: 'accepted', body: { operation: null } }) })
  const answer = await send(broker, `PUT ${instance}?accepts_incomplete=true`, { body: provisionBody })
  expect(answer).toMatchObject({ status: 202, body: { operation: null } })
})

const metadata = { labels: { team: 'blue' }, attributes: { region: 'eu' } }

it('PROV-33, GETI-14, SMD-02, IMD-04: metadata of the instance is answered, labels and attributes', async () => {
  const { provision, send: ask } = testBroker({ provision: async () => ({ state: { host: 'h' }, metadata }) })
  expect((await provision('i')).body).toEqual({ metadata })
  expect((await provision('i')).body).toEqual({ metadata })
  expect((await ask('GET', '/v2/service_instances/i')).body).toMatchObject({ metadata })
})

describe('fetching an instance', () => {
  it('GETI-02, GETI-09, T43: is 404 while it is made, and works as soon as a poll says that it is there', async () => {
    const work = gate()
    const {
      provision,
      pollToEnd,
      send: ask,
    } = testBroker({
      provision: async () => {
        await work.passed
        return { state: { host: 'h' } }
      },
    })
    const fetch = () => ask('GET', '/v2/service_instances/i')
    expect((await fetch()).status).toBe(404)
    await provision('i', { parameters: { size: 3 } }, incomplete)
    expect((await fetch()).status).toBe(404)
    work.open()
    await pollToEnd('i')
    expect(await fetch()).toMatchObject({ status: 200, body: { service_id: 'service', parameters: { size: 3 } } })
  })

  it('GETI-10: is answered as before while an update runs, or 422 by a back end that cannot', async () => {
    const work = gate()
    const {
      provision,
      update,
      pollToEnd,
      send: ask,
    } = testBroker({
      update: async () => {
        await work.passed
        return {}
      },
    })
    await provision('i', { parameters: { size: 1 } })
    await update('i', { parameters: { size: 2 } }, incomplete)
    const during = await ask('GET', '/v2/service_instances/i')
    expect(during).toMatchObject({ status: 200, body: { parameters: { size: 1 } } })
    work.open()
    await pollToEnd('i')
    expect((await ask('GET', '/v2/service_instances/i')).body).toMatchObject({ parameters: { size: 2 } })

    const broker = fakeBroker({ fetchInstance: () => Promise.reject(OsbError.concurrency('being updated')) })
    expect(await send(broker, `GET ${instance}`)).toMatchObject({ status: 422, body: { error: 'ConcurrencyError' } })
  })

  it('GETI-15: may leave out the parameters', async () => {
    const body = { service_id: 'open', plan_id: 'open-small' }
    const broker = fakeBroker({ fetchInstance: async () => ({ outcome: 'found', body }) })
    expect(await send(broker, `GET ${instance}`)).toMatchObject({ status: 200, body })
  })
})
