import { createBrokerClient } from 'osb-client'
import { describe, expect, it, vi } from 'vitest'
import { basicAuth } from '../../src/auth/basic-auth.js'
import { noAuth } from '../../src/auth/no-auth.js'
import type { BrokerBackend } from '../../src/backend.js'
import { proxyBackend } from '../../src/backends/proxy-backend.js'
import { OsbError } from '../../src/errors.js'
import type { BrokerOptions } from '../../src/wire/broker-options.js'
import { createBrokerFromBackend } from '../../src/wire/create-broker-from-backend.js'
import { cloudFoundryUser, noting } from '../support/field-faults.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'
import { binding, catalog, fakeBroker, ids, instance, provisionBody, send } from '../support/wire.js'

type Fetch = (request: Request) => Promise<Response>

/** A broker that republishes another one, which it calls with a client over its `fetch`. */
function proxyOf(upstream: { readonly fetch: Fetch }, options: Partial<BrokerOptions> = {}) {
  const client = createBrokerClient({
    url: 'http://upstream.test',
    auth: { username: 'proxy', password: 'p' },
    fetch: (url, init) => upstream.fetch(new Request(url, init)),
  })
  return createBrokerFromBackend(proxyBackend(client), { auth: noAuth(), onError: () => undefined, ...options })
}

const answering = (status: number, body: string) => ({ fetch: async () => new Response(body, { status }) })
const put = (broker: ReturnType<typeof proxyOf>, headers = {}) =>
  send(broker, `PUT ${instance}`, { body: provisionBody, headers })

/** A proxy whose catalog is there, and whose provision is answered like this. */
function provisionBy(fetch: Fetch, options: Partial<BrokerOptions> = {}) {
  const well = fakeBroker()
  return proxyOf({ fetch: (request) => (request.method === 'GET' ? well.fetch(request) : fetch(request)) }, options)
}

describe('a proxy', () => {
  it('shows the catalog of the other broker', async () => {
    expect(await send(proxyOf(fakeBroker()), 'GET /v2/catalog')).toMatchObject({ status: 200, body: catalog })
  })

  it('hands on ids, queries, bodies and both identities as they are', async () => {
    const { own, asked } = noting('bind', { outcome: 'created', body: { credentials: { a: 1 }, 'x-vendor': true } })
    const path = '/v2/service_instances/a%2Fb/service_bindings/..%2F%C3%A9'
    const body = { ...provisionBody, parameters: { deep: [{ a: null }] }, 'x-vendor': 1 }
    const headers = { ...cloudFoundryUser, 'X-Broker-API-Request-Identity': 'r-1' }
    const answer = await send(proxyOf(fakeBroker(own)), `PUT ${path}${incomplete}`, { body, headers })
    expect(answer).toMatchObject({ status: 201, body: { credentials: { a: 1 }, 'x-vendor': true } })
    const [call, details] = asked()
    expect(call).toMatchObject({ ...body, instance_id: 'a/b', binding_id: '../é', accepts_incomplete: true })
    expect(details).toMatchObject({ requestIdentity: 'r-1', originatingIdentity: { value: { user_id: 'u' } } })
  })

  it('is no different from the broker itself in the life of an instance and a binding', async () => {
    const work = gate()
    const { broker } = testBroker({
      provision: async () => {
        await work.passed
        return { state: { host: 'h' } }
      },
    })
    const proxy = proxyOf(broker)
    const body = { service_id: 'service', plan_id: 'plan-small', organization_guid: 'o', space_guid: 's' }
    const query = 'service_id=service&plan_id=plan-small'
    const first = await send(proxy, `PUT ${instance}${incomplete}`, { body })
    expect(first).toMatchObject({ status: 202, body: { operation: expect.stringMatching(/^create-/) } })
    const { operation } = first.body as { operation: string }
    const poll = () => send(proxy, `GET ${instance}/last_operation?operation=${operation}`)
    expect((await poll()).body).toEqual({ state: 'in progress' })
    work.open()
    await expect.poll(async () => (await poll()).body).toEqual({ state: 'succeeded' })
    expect((await send(proxy, `PUT ${instance}`, { body })).status).toBe(200)
    expect((await send(proxy, `GET ${instance}`)).body).toMatchObject({ plan_id: 'plan-small' })
    const bound = await send(proxy, `PUT ${binding}`, { body: { ...body, organization_guid: undefined } })
    expect(bound).toMatchObject({ status: 201, body: { credentials: { username: 'b1' } } })
    expect((await send(proxy, `GET ${binding}`)).body).toEqual(bound.body)
    const change = { service_id: 'service', parameters: { size: 2 } }
    expect((await send(proxy, `PATCH ${instance}`, { body: change })).status).toBe(200)
    expect((await send(proxy, `DELETE ${binding}?${query}`)).status).toBe(200)
    expect((await send(proxy, `DELETE ${binding}?${query}`)).status).toBe(410)
    expect((await send(proxy, `DELETE ${instance}?${query}`)).status).toBe(200)
    expect((await send(proxy, `GET ${instance}`)).status).toBe(404)
  })
})

describe('errors of the other broker', () => {
  it.each([
    OsbError.badRequest('no such size'),
    OsbError.notFound('not here'),
    OsbError.conflict('taken'),
    OsbError.asyncRequired(),
    OsbError.concurrency('busy'),
    OsbError.requiresApp(),
    OsbError.maintenanceInfoConflict('old'),
    OsbError.unavailable('later'),
    new OsbError({ code: 'InternalError', status: 507, description: 'no space' }),
  ])('are the proxy’s too: $status $code', async (error) => {
    const upstream = fakeBroker({ provision: () => Promise.reject(error) }, { onError: () => undefined })
    expect(await put(proxyOf(upstream))).toMatchObject({ status: error.status, body: error.body })
  })

  it('keep what they say of the instance, and words of their own', async () => {
    const said = { error: 'QuotaExceeded', description: 'full', instance_usable: false, update_repeatable: false }
    const proxy = provisionBy(async () => new Response(JSON.stringify(said), { status: 422 }))
    const answer = await send(proxy, `PATCH ${instance}`, { body: provisionBody })
    expect(answer).toMatchObject({ status: 422, body: said })
  })

  it.each([
    [401, 'about the proxy’s own login'],
    [403, 'about the proxy’s own login'],
    [412, 'about the proxy’s own version'],
  ])('are a 502 and not %i when they are %s', async (status) => {
    const answer = await put(provisionBy(answering(status, '{"description":"who are you?"}').fetch))
    expect(answer).toMatchObject({ status: 502, body: { error: 'BadGateway' } })
    expect(JSON.stringify(answer.body)).not.toContain('who are you')
  })

  it.each<[what: string, fetch: Fetch]>([
    ['cannot be reached', () => Promise.reject(new TypeError('ECONNREFUSED 10.0.0.7'))],
    ['answers no JSON', answering(201, '<html>10.0.0.7</html>').fetch],
    ['answers with another body', answering(201, '{"dashboard_url":7}').fetch],
    ['answers 204', async () => new Response(null, { status: 204 })],
    ['answers 202 unasked', answering(202, '{}').fetch],
  ])('are a 502 that says nothing more when it %s', async (_what, fetch) => {
    const onError = vi.fn()
    const answer = await put(provisionBy(fetch, { onError }))
    expect(answer).toMatchObject({ status: 502, body: { error: 'BadGateway', description: expect.any(String) } })
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.7')
    expect(onError).toHaveBeenCalledWith(expect.any(Error), expect.objectContaining({ status: 502 }))
  })

  it('end the load of the catalog', async () => {
    const proxy = proxyOf(answering(500, '{}'))
    await expect(proxy.reload()).rejects.toMatchObject({ status: 500 })
    expect((await send(proxy, 'GET /v2/catalog')).status).toBe(500)
  })
})

it('a proxy ends its call when the platform goes away', async () => {
  const gone = new AbortController()
  let heard: AbortSignal | undefined
  const proxy = provisionBy(async ({ signal }) => {
    heard = signal
    gone.abort()
    throw new TypeError('aborted')
  })
  const headers = { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' }
  const body = JSON.stringify(provisionBody)
  await proxy.fetch(new Request(`http://broker${instance}`, { method: 'PUT', headers, body, signal: gone.signal }))
  expect(heard?.aborted).toBe(true)
})

it('any implementation of the calls will do, another back end included', async () => {
  const login = basicAuth({ username: 'proxy', password: 'p' })
  const inner: BrokerBackend = proxyBackend({
    ...createBrokerClient({ url: 'http://unused.test', auth: 'none' }),
    catalog: async () => ({ outcome: 'found', body: catalog }),
    fetchInstance: () => Promise.reject(OsbError.notFound('not here')),
  })
  const broker = createBrokerFromBackend(inner, { auth: login })
  const headers = { authorization: `Basic ${btoa('proxy:p')}` }
  expect(await send(broker, `GET ${instance}?${ids}`, { headers })).toMatchObject({
    status: 404,
    body: { description: 'not here' },
  })
})
