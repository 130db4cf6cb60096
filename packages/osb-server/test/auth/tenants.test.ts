import {
  basicAuth,
  bearerAuth,
  createBroker,
  createBrokerFromBackend,
  defineOffering,
  definePlan,
  memoryStore,
  noAuth,
} from 'osb-server'
import type { Broker, BrokerBackend, OfferingTenant, Tenants } from 'osb-server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { catalog, fakeBackend, ids, instance, provisionBody, send } from '../support/wire.js'

const basic = (login: string) => ({ authorization: `Basic ${btoa(login)}` })
const auth = basicAuth({ username: 'own', password: 'own' })
const acme = { auth: basicAuth({ username: 'a', password: 'a' }) }
const globex = { auth: basicAuth({ username: 'g', password: 'g', principal: 'globex platform' }) }
const statuses = (broker: Broker, cases: readonly (readonly [path: string, login: string])[]) =>
  Promise.all(
    cases.map(
      async ([path, login]) => (await send(broker, `GET ${path}/v2/catalog`, { headers: basic(login) })).status,
    ),
  )

describe('a broker with tenants', () => {
  const broker = createBrokerFromBackend(fakeBackend(), { auth, tenants: { acme, globex } })

  it('lets each in by its own login only, and its own platforms at paths without a tenant', async () => {
    const allowed = [
      ['/acme', 'a:a'],
      ['/x/globex', 'g:g'],
      ['', 'own:own'],
    ] as const
    expect(await statuses(broker, allowed)).toEqual([200, 200, 200])
    const refused = [
      ['/acme', 'g:g'],
      ['/acme', 'own:own'],
      ['/globex', 'a:a'],
      ['', 'a:a'],
      ['/__proto__', 'a:a'],
    ] as const
    expect(await statuses(broker, refused)).toEqual(refused.map(() => 401))
  })

  it.each([undefined, 'Basic nonsense', basic('own:own').authorization, basic('a:guess').authorization])(
    'AUTH-07: answers an unknown tenant just like a wrong login (%s)',
    async (authorization) => {
      const headers = { authorization, 'X-Broker-API-Request-Identity': 'r1' }
      const withBearer = createBrokerFromBackend(fakeBackend(), {
        auth,
        tenants: { acme, tokens: { auth: bearerAuth({ verify: () => undefined }) } },
      })
      const answers = await Promise.all(
        ['acme', 'tokens', 'nobody', 'constructor', '%zz', 'x'.repeat(300)].map((name) =>
          send(withBearer, `GET /${name}/v2/catalog`, { headers }),
        ),
      )
      for (const answer of answers) {
        expect(answer.status).toBe(401)
        expect({ ...answer, headers: [...answer.headers] }).toEqual({
          ...answers[0],
          headers: [...(answers[0]?.headers ?? [])],
        })
      }
    },
  )

  it('does the work of a login for an unknown tenant, too', async () => {
    const authenticate = vi.fn(() => ({ principal: 'x' }))
    const open = createBrokerFromBackend(fakeBackend(), { auth: { challenge: 'x', authenticate }, tenants: { acme } })
    expect((await send(open, 'GET /nobody/v2/catalog')).status).toBe(401)
    expect(authenticate).toHaveBeenCalledTimes(1)
  })

  it('tells the back end which tenant and who it is', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
    const own = createBrokerFromBackend(fakeBackend({ fetchInstance }), { auth, tenants: { globex } })
    await send(own, `GET /globex${instance}`, { headers: basic('g:g') })
    const details = expect.objectContaining({ tenant: 'globex', principal: 'globex platform' })
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: 'i1' }, details)
    await send(own, `GET ${instance}`, { headers: basic('own:own') })
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: 'i1' }, expect.objectContaining({ tenant: '' }))
  })

  it('serves a tenant from its own back end, catalog included', async () => {
    const own = { services: [{ ...catalog.services[0]!, name: 'only-acme' }] }
    const backend = fakeBackend({ catalog: async () => ({ outcome: 'found', body: own }) })
    const joined = createBrokerFromBackend(fakeBackend(), { auth, tenants: { acme: { ...acme, backend }, globex } })
    const served = async (name: string, login: string) =>
      (await send(joined, `GET /${name}/v2/catalog`, { headers: basic(login) })).body
    expect(await served('acme', 'a:a')).toEqual(own)
    expect(await served('globex', 'g:g')).toEqual(catalog)
  })

  it('refuses a tenant without a login, at start or when it is found', async () => {
    const broken = { acme: {} } as never
    expect(() => createBrokerFromBackend(fakeBackend(), { auth, tenants: broken })).toThrow(TypeError)
    const found = createBrokerFromBackend(fakeBackend(), { auth, tenants: () => ({}) as never, onError: () => {} })
    expect((await send(found, 'GET /acme/v2/catalog')).status).toBe(500)
  })
})

describe('tenants that a function finds', () => {
  const asked = (backend: BrokerBackend, onError = vi.fn()) => {
    const known = new Map([['acme', { ...acme, backend }]])
    const tenants = async (name: string) => known.get(name)
    return { known, broker: createBrokerFromBackend(fakeBackend(), { auth, tenants, onError }) }
  }
  const found = (body: unknown) => ({ outcome: 'found', body }) as never
  const get = (broker: Broker) => send(broker, 'GET /acme/v2/catalog', { headers: basic('a:a') })

  it('come and go', async () => {
    const { known, broker } = asked(fakeBackend())
    expect((await get(broker)).status).toBe(200)
    known.delete('acme')
    expect((await get(broker)).status).toBe(401)
  })

  it('have their catalogs loaded once, after their first login, and again after a reload', async () => {
    const load = vi.fn(async () => found(catalog))
    const { broker } = asked(fakeBackend({ catalog: load }))
    await send(broker, 'GET /acme/v2/catalog', { headers: basic('a:guess') })
    expect(load).not.toHaveBeenCalled()
    for (let time = 0; time < 3; time++) await get(broker)
    expect(load).toHaveBeenCalledTimes(1)
    await broker.reload()
    load.mockResolvedValueOnce(found({ services: [] }))
    expect((await get(broker)).body).toEqual({ services: [] })
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('keep the catalog that they have when a reload fails, and onError hears of it', async () => {
    const load = vi.fn(async () => found(catalog))
    const onError = vi.fn()
    const { broker } = asked(fakeBackend({ catalog: load }), onError)
    await get(broker)
    await broker.reload()
    load.mockRejectedValueOnce(new Error('down'))
    expect(await get(broker)).toMatchObject({ status: 200, body: catalog })
    expect(onError).toHaveBeenCalledWith(expect.any(Error), expect.objectContaining({ tenant: 'acme' }))
  })

  it('are never served what was made for another name', async () => {
    const load = vi.fn<BrokerBackend['catalog']>(async () => found(catalog))
    const shared = { auth: noAuth() }
    const broker = createBrokerFromBackend(fakeBackend({ catalog: load }), { auth, tenants: () => shared })
    for (const name of ['one', 'two', 'one']) await send(broker, `GET /${name}/v2/catalog`)
    expect(load.mock.calls.map(([, details]) => details.tenant)).toEqual(['one', 'two', 'one'])
  })
})

describe('tenants of a broker of offerings', () => {
  const open: Broker[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((broker) => broker.close()))
  })
  const seen = vi.fn()
  const offering = (name: string, charset = 'utf8') =>
    defineOffering({
      id: 'open',
      name,
      description: name,
      bindable: false,
      plans: [
        definePlan({
          id: 'open-small',
          name: 'small',
          description: 'small',
          parameters: { provision: z.object({ charset: z.literal(charset).default(charset) }) },
        }),
      ],
      async provision({ tenant, principal, parameters }) {
        seen({ name, tenant, principal, parameters })
        return { state: undefined }
      },
      deprovision: async ({ tenant, principal }) => seen({ name, tenant, principal }),
    })

  function brokerOf(tenants: Tenants<OfferingTenant>): Broker {
    const offerings = [offering('shared')]
    const broker = createBroker({ offerings, auth, store: memoryStore(), tenants, onError: () => {} })
    open.push(broker)
    return broker
  }
  const put = (broker: Broker, name: string, login: string, parameters = {}) =>
    send(broker, `PUT /${name}${instance}`, { headers: basic(login), body: { ...provisionBody, parameters } })

  it('have their own offerings, validated and carried out by their own definitions', async () => {
    const broker = brokerOf({ acme: { ...acme, offerings: [offering('special', 'latin1')] }, globex })
    const names = async (name: string, login: string) =>
      (await send(broker, `GET /${name}/v2/catalog`, { headers: basic(login) })).body
    expect(await names('acme', 'a:a')).toMatchObject({ services: [{ name: 'special' }] })
    expect(await names('globex', 'g:g')).toMatchObject({ services: [{ name: 'shared' }] })
    expect((await put(broker, 'acme', 'a:a', { charset: 'utf8' })).status).toBe(400)
    expect((await put(broker, 'acme', 'a:a', { charset: 'latin1' })).status).toBe(201)
    const parameters = { charset: 'latin1' }
    expect(seen).toHaveBeenLastCalledWith({ name: 'special', tenant: 'acme', principal: 'a', parameters })
  })

  it('do not see the instances of each other, though the ids are the same', async () => {
    const broker = brokerOf({ acme, globex })
    expect((await put(broker, 'acme', 'a:a')).status).toBe(201)
    expect((await send(broker, `GET /globex${instance}`, { headers: basic('g:g') })).status).toBe(404)
    expect((await send(broker, `DELETE /globex${instance}?${ids}`, { headers: basic('g:g') })).status).toBe(410)
    expect((await put(broker, 'globex', 'g:g')).status).toBe(201)
    expect((await send(broker, `DELETE /globex${instance}?${ids}`, { headers: basic('g:g') })).status).toBe(200)
    expect(seen).toHaveBeenLastCalledWith({ name: 'shared', tenant: 'globex', principal: 'globex platform' })
    expect((await send(broker, `GET /acme${instance}`, { headers: basic('a:a') })).status).toBe(200)
  })

  it('are refused at start when their catalog is not valid; those of a function after the login', async () => {
    const twice = { ...acme, offerings: [offering('a'), offering('a')] }
    expect(() => brokerOf({ acme: twice })).toThrow(TypeError)
    const broker = brokerOf((name) => (name === 'acme' ? twice : undefined))
    expect(
      await statuses(broker, [
        ['/acme', 'a:a'],
        ['/acme', 'a:guess'],
        ['/nobody', 'a:a'],
      ]),
    ).toEqual([500, 401, 401])
  })
})
