import { createBrokerClient } from 'osb-client'
import type { Catalog } from 'osb-protocol'
import { describe, expect, it, vi } from 'vitest'
import { noAuth } from '../../src/auth/no-auth.js'
import type { BrokerBackend } from '../../src/backend.js'
import { type BackendPart, composeBackends, type ComposeOptions } from '../../src/backends/compose-backends.js'
import { type InstancePlaces, memoryPlaces } from '../../src/backends/instance-places.js'
import { proxyBackend } from '../../src/backends/proxy-backend.js'
import { OsbError } from '../../src/errors.js'
import { createBrokerFromBackend } from '../../src/wire/create-broker-from-backend.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'
import { binding, catalog, fakeBackend, instance, send } from '../support/wire.js'

const compose = (parts: readonly BackendPart[], options?: ComposeOptions) =>
  createBrokerFromBackend(composeBackends(parts, options), { auth: noAuth(), onError: () => undefined })

/** A fake back end that notes its calls, with their ids, as `operation service_id plan_id`. */
function noted(own: Partial<BrokerBackend> = {}) {
  const calls: string[] = []
  const backend = Object.fromEntries(
    Object.entries(fakeBackend(own)).map(([name, call]) => [
      name,
      (asked: { service_id?: string; plan_id?: string }, details: never) => {
        if (name !== 'catalog') calls.push([name, asked.service_id, asked.plan_id].filter(Boolean).join(' '))
        return (call as (...rest: unknown[]) => unknown)(asked, details)
      },
    ]),
  ) as unknown as BrokerBackend
  return { backend, calls }
}

const eu = { service_id: 'eu-open', plan_id: 'eu-open-small' }
const us = { service_id: 'us-open', plan_id: 'us-open-small' }
const query = (ids: typeof eu) => new URLSearchParams(ids).toString()

function twoRegions(own: { eu?: Partial<BrokerBackend>; us?: Partial<BrokerBackend> } = {}, options?: ComposeOptions) {
  const [europe, america] = [noted(own.eu), noted(own.us)]
  const parts = [
    { prefix: 'eu-', backend: europe.backend },
    { prefix: 'us-', backend: america.backend },
  ]
  return { broker: compose(parts, options), eu: europe.calls, us: america.calls }
}

describe('the catalog of all', () => {
  it('has the offerings of each back end, ids and names with its prefix', async () => {
    const { services } = (await send(twoRegions().broker, 'GET /v2/catalog')).body as Catalog
    expect(services.map(({ id, name }) => `${id} ${name}`)).toEqual([
      'eu-open eu-open-db',
      'eu-shut eu-shut-db',
      'us-open us-open-db',
      'us-shut us-shut-db',
    ])
    expect(services[2]!.plans.map(({ id, name }) => `${id} ${name}`)).toEqual([
      'us-open-small small',
      'us-open-large large',
    ])
    expect(services[0]).toMatchObject({ bindable: true, allow_context_updates: true })
  })

  it('leaves out what a part hides, whose instances can still be deleted', async () => {
    const { backend, calls } = noted()
    const broker = compose([{ prefix: 'eu-', backend, offerings: ({ id }) => id !== 'open' }])
    const { services } = (await send(broker, 'GET /v2/catalog')).body as Catalog
    expect(services.map(({ id }) => id)).toEqual(['eu-shut'])
    expect((await send(broker, `PUT ${instance}`, { body: eu })).status).toBe(400)
    expect((await send(broker, `DELETE ${instance}?${query(eu)}`)).status).toBe(200)
    expect(calls).toEqual(['deprovision open open-small'])
  })

  it('keeps ids where the prefix is empty', async () => {
    const [plain, other] = [noted(), noted()]
    const broker = compose([
      { prefix: '', backend: plain.backend },
      { prefix: 'eu-', backend: other.backend },
    ])
    expect(
      (await send(broker, `PUT ${instance}`, { body: { service_id: 'open', plan_id: 'open-small' } })).status,
    ).toBe(201)
    expect((await send(broker, `PUT /v2/service_instances/i2`, { body: eu })).status).toBe(201)
    expect([plain.calls, other.calls]).toEqual([['provision open open-small'], ['provision open open-small']])
  })

  it('is refused when an id of one back end looks like one of another', async () => {
    const services = [{ ...catalog.services[0]!, id: 'eu-open' }]
    const tricky = fakeBackend({ catalog: async () => ({ outcome: 'found', body: { services } }) })
    const broker = compose([
      { prefix: '', backend: tricky },
      { prefix: 'eu-', backend: fakeBackend() },
    ])
    await expect(broker.reload()).rejects.toThrow(/looks like one of another/)
  })

  it('cannot be had while one of them cannot be', async () => {
    const { broker } = twoRegions({ us: { catalog: () => Promise.reject(OsbError.badGateway(new Error('away'))) } })
    expect((await send(broker, 'GET /v2/catalog')).status).toBe(502)
  })
})

it('needs parts, with prefixes of their own', () => {
  const backend = fakeBackend()
  expect(() => composeBackends([])).toThrow(TypeError)
  const twice = [
    { prefix: 'eu-', backend },
    { prefix: 'eu-', backend },
  ]
  expect(() => composeBackends(twice)).toThrow(/"eu-" is there twice/)
})

describe('calls go to the back end', () => {
  it('that their ids name, which sees its own ids', async () => {
    const { broker, eu: inEurope, us: inAmerica } = twoRegions()
    await send(broker, `PUT ${instance}`, { body: us })
    await send(broker, `PATCH ${instance}`, { body: { ...us, previous_values: { plan_id: us.plan_id } } })
    await send(broker, `PUT ${binding}`, { body: us })
    await send(broker, `GET ${instance}?${query(us)}`)
    await send(broker, `GET ${binding}?${query(us)}`)
    await send(broker, `GET ${instance}/last_operation?${query(us)}`)
    await send(broker, `GET ${binding}/last_operation?${query(us)}`)
    await send(broker, `DELETE ${binding}?${query(us)}`)
    await send(broker, `DELETE ${instance}?${query(us)}`)
    expect(inAmerica).toEqual(
      ['provision', 'update', 'bind', 'fetchInstance', 'fetchBinding', 'lastInstanceOperation', 'lastBindingOperation']
        .concat('unbind', 'deprovision')
        .map((name) => `${name} open open-small`),
    )
    expect(inEurope).toEqual([])
  })

  it('previous_values included', async () => {
    const update = vi.fn(async () => ({ outcome: 'updated', body: {} }) as const)
    const { broker } = twoRegions({ us: { update } })
    await send(broker, `PATCH ${instance}`, { body: { ...us, previous_values: { ...us, organization_id: 'o' } } })
    const previous_values = { service_id: 'open', plan_id: 'open-small', organization_id: 'o' }
    expect(update).toHaveBeenCalledWith(expect.objectContaining({ previous_values }), expect.anything())
  })

  it('GETI-08: that has the instance, where they name none; the answer has the ids of the catalog of all', async () => {
    const body = { service_id: 'open', plan_id: 'open-small', parameters: { a: 1 } }
    const { broker, us: inAmerica } = twoRegions({ us: { fetchInstance: async () => ({ outcome: 'found', body }) } })
    await send(broker, `PUT ${instance}`, { body: us })
    expect((await send(broker, `GET ${instance}`)).body).toEqual({ ...us, parameters: { a: 1 } })
    await send(broker, `GET ${instance}/last_operation`)
    await send(broker, `GET ${binding}`)
    await send(broker, `GET ${binding}/last_operation`)
    await send(broker, `PUT ${binding}`, { body: { predecessor_binding_id: 'b0' } })
    expect(inAmerica.slice(1)).toEqual([
      'fetchInstance',
      'lastInstanceOperation',
      'fetchBinding',
      'lastBindingOperation',
      'bind',
    ])
  })

  it('T17: that has the instance, where a poll names what there is not', async () => {
    const { broker, us: inAmerica } = twoRegions()
    await send(broker, `PUT ${instance}`, { body: us })
    expect((await send(broker, `GET ${instance}/last_operation?service_id=none`)).status).toBe(200)
    expect(inAmerica).toHaveLength(2)
  })

  it('GETI-09: or to none, when it is not known', async () => {
    const { broker, eu: inEurope, us: inAmerica } = twoRegions()
    for (const line of [`GET ${instance}`, `GET ${instance}/last_operation`, `GET ${binding}`])
      expect((await send(broker, line)).status).toBe(404)
    expect([...inEurope, ...inAmerica]).toEqual([])
  })
})

describe('the place of an instance', () => {
  it('PROV-19: is one: an id that one back end has is a conflict at the others', async () => {
    const { broker, us: inAmerica } = twoRegions()
    await send(broker, `PUT ${instance}`, { body: eu })
    expect((await send(broker, `PUT ${instance}`, { body: us })).status).toBe(409)
    expect((await send(broker, `PUT ${instance}`, { body: eu })).status).toBe(201)
    expect(inAmerica).toEqual([])
  })

  it.each([
    ['is deleted', { outcome: 'deleted', body: {} }],
    ['was not there', { outcome: 'gone', body: {} }],
    ['begins to be deleted', { outcome: 'accepted', body: { operation: 'o' } }],
  ] as const)('is free again when the instance %s', async (_case, outcome) => {
    const { broker } = twoRegions({ eu: { deprovision: async () => outcome } })
    await send(broker, `PUT ${instance}`, { body: eu })
    await send(broker, `DELETE ${instance}${incomplete}&${query(eu)}`)
    expect((await send(broker, `PUT ${instance}`, { body: us })).status).toBe(201)
  })

  it('is known while a delete runs', async () => {
    const accepted = async () => ({ outcome: 'accepted', body: { operation: 'o' } }) as const
    const { broker, eu: inEurope } = twoRegions({ eu: { deprovision: accepted } })
    await send(broker, `PUT ${instance}`, { body: eu })
    await send(broker, `DELETE ${instance}${incomplete}&${query(eu)}`)
    expect((await send(broker, `GET ${instance}/last_operation?operation=o`)).status).toBe(200)
    expect(inEurope.at(-1)).toBe('lastInstanceOperation')
  })

  it('is not kept when the provision is refused, and kept when it may have left something', async () => {
    const refused = twoRegions({ eu: { provision: () => Promise.reject(OsbError.unprocessable('full')) } })
    await send(refused.broker, `PUT ${instance}`, { body: eu })
    expect((await send(refused.broker, `PUT ${instance}`, { body: us })).status).toBe(201)
    const failed = twoRegions({ eu: { provision: () => Promise.reject(new Error('lost')) } })
    await send(failed.broker, `PUT ${instance}`, { body: eu })
    expect((await send(failed.broker, `PUT ${instance}`, { body: us })).status).toBe(409)
  })

  it('can be kept by the operator, and is then known after a restart', async () => {
    const rows = new Map<string, string>()
    const places: InstancePlaces = {
      find: async ({ tenant, instance_id }) => JSON.parse(rows.get(`${tenant}/${instance_id}`) ?? 'null') ?? undefined,
      keep: async ({ tenant, instance_id }, place) => void rows.set(`${tenant}/${instance_id}`, JSON.stringify(place)),
      forget: async ({ tenant, instance_id }) => void rows.delete(`${tenant}/${instance_id}`),
    }
    await send(twoRegions({}, { places }).broker, `PUT ${instance}`, { body: us })
    const after = twoRegions({}, { places })
    expect((await send(after.broker, `GET ${instance}`)).status).toBe(200)
    expect(after.us).toEqual(['fetchInstance'])
  })

  it('is kept in memory for the instances used last', async () => {
    const places = memoryPlaces(2)
    const key = (instance_id: string, tenant = '') => ({ tenant, instance_id })
    const place = { prefix: 'eu-', deleting: false }
    await places.keep(key('a'), place)
    await places.keep(key('b'), place)
    await places.find(key('a'))
    await places.keep(key('c'), place)
    expect(await places.find(key('a'))).toEqual(place)
    expect(await places.find(key('b'))).toBeUndefined()
    expect(await places.find(key('a', 'another tenant'))).toBeUndefined()
    expect(() => memoryPlaces(0)).toThrow(TypeError)
  })
})

it('two real brokers behind clients are one', async () => {
  const work = gate()
  const regions = ['eu', 'us'].map((region) => ({
    region,
    running: testBroker({
      provision: async () => {
        await work.passed
        return { state: { host: region } }
      },
    }),
  }))
  const parts = regions.map(({ region, running }) => {
    const client = createBrokerClient({
      url: `http://${region}.test`,
      auth: 'none',
      fetch: (url, init) => running.broker.fetch(new Request(url, init)),
    })
    return { prefix: `${region}-`, backend: proxyBackend(client) }
  })
  const broker = compose(parts)
  const ids = { service_id: 'us-service', plan_id: 'us-plan-small' }
  const place = { organization_guid: 'o', space_guid: 's' }
  const made = await send(broker, `PUT ${instance}${incomplete}`, { body: { ...ids, ...place } })
  expect(made.status).toBe(202)
  work.open()
  await expect
    .poll(async () => (await send(broker, `GET ${instance}/last_operation`)).body)
    .toEqual({ state: 'succeeded' })
  expect((await send(broker, `GET ${instance}`)).body).toMatchObject(ids)
  expect((await send(broker, `PUT ${binding}`, { body: ids })).body).toMatchObject({ credentials: { host: 'us' } })
  expect((await send(broker, `GET ${binding}`)).body).toMatchObject({ credentials: { host: 'us' } })
  expect((await send(broker, `DELETE ${instance}?${query(ids)}`)).status).toBe(200)
})
