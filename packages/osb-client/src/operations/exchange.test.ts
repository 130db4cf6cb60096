import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import type { BrokerClientOptions } from '../index.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const catalog = { status: 200, body: { services: [] } }
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

function scripted(answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, clock, ...options })
  return { client, clock, seen, paths: () => seen.map(({ path }) => path) }
}

describe('a call is sent again', () => {
  it.each(['provision', 'update', 'deprovision', 'bind', 'unbind', 'fetchInstance'] as const)(
    'when no connection was made: %s',
    async (operation) => {
      const { client, seen, clock } = scripted([refused, refused, { status: 200 }])
      await client[operation](binding)
      expect(seen).toHaveLength(3)
      expect(clock.sleeps[0]).toBeGreaterThanOrEqual(100)
      expect(clock.sleeps[1]).toBeGreaterThanOrEqual(200)
      expect(clock.sleeps[1]).toBeLessThanOrEqual(400)
    },
  )

  it.each([reset, { status: 502 }, { status: 503 }, { status: 504 }])('when it only reads: %j', async (fault) => {
    const { client, seen } = scripted([fault, catalog])
    await client.catalog()
    expect(seen).toHaveLength(2)
  })

  it('after as long as the broker says, up to ten seconds', async () => {
    const busy = (seconds: string) => ({ status: 429, headers: { 'Retry-After': seconds } })
    const { client, clock } = scripted([busy('3'), busy('86400'), { status: 201 }])
    await client.provision(instance)
    expect(clock.sleeps).toEqual([3000, 10_000])
  })

  it('so many times and no more', async () => {
    const { client, seen } = scripted([refused, refused, refused, refused], { retries: 3 })
    await expect(client.provision(instance)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
    expect(seen).toHaveLength(4)
  })

  it('not when the option says so', async () => {
    const { client, seen } = scripted([refused], { retries: 0 })
    await expect(client.catalog()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
    expect(seen).toHaveLength(1)
  })
})

describe('a call is not sent again', () => {
  it.each(['provision', 'update', 'deprovision', 'bind', 'unbind'] as const)(
    'when it may have done something: %s',
    async (operation) => {
      for (const fault of [reset, { status: 500 }, { status: 503 }]) {
        const { client, seen } = scripted([fault])
        await expect(client[operation](binding)).rejects.toBeInstanceOf(Error)
        expect(seen).toHaveLength(1)
      }
    },
  )

  it.each([400, 401, 404, 408, 409, 422, 500])('when a reading one is answered with %i', async (status) => {
    const { client, seen } = scripted([{ status }])
    await expect(client.catalog()).rejects.toMatchObject({ status })
    expect(seen).toHaveLength(1)
  })

  it('when polling: the next poll is the next try', async () => {
    const { client, clock } = scripted([{ status: 202 }, refused, { status: 200, body: { state: 'succeeded' } }])
    await client.provisionAndWait(instance)
    expect(clock.sleeps).toEqual([1000, 1500])
  })

  it('after an abort during the wait', async () => {
    const controller = new AbortController()
    const clock = { ...fakeClock(), sleep: () => Promise.resolve(controller.abort(new Error('enough'))) }
    const { client, seen } = scripted([refused, refused, catalog], { clock })
    await expect(client.catalog({}, { signal: controller.signal })).rejects.toThrow('enough')
    expect(seen.length).toBeLessThan(3)
  })
})

describe('a redirect', () => {
  const to = (location: string, status = 307): Scripted => ({ status, headers: { Location: location } })

  it('is not followed by default', async () => {
    const { client, seen } = scripted([to('/elsewhere')])
    await expect(client.catalog()).rejects.toMatchObject({
      status: 307,
      message: expect.stringContaining('not followed') as unknown,
    })
    expect(seen).toHaveLength(1)
  })

  it.each(['/new/v2/catalog?a=b', `${brokerUrl}/new/v2/catalog?a=b`])(
    'within the origin is followed on request, with credentials: %s',
    async (location) => {
      const auth = { username: 'u', password: 'p' }
      const { client, seen, paths } = scripted([to(location, 302), catalog], { maxRedirects: 1, auth })
      await client.catalog()
      expect(paths()).toEqual(['/v2/catalog', '/new/v2/catalog?a=b'])
      expect(seen[1]?.headers['Authorization']).toBe(seen[0]?.headers['Authorization'])
    },
  )

  it.each([
    ['https://broker.test/v2/catalog', 'https://broker.test'],
    ['http://broker.test:81/v2/catalog', 'http://broker.test:81'],
    ['//evil.test/v2/catalog', 'http://evil.test'],
  ])('to another origin is never followed, so that no credentials go there: %s', async (location, origin) => {
    const auth = { username: 'u', password: 'hunter2' }
    const { client, seen } = scripted([to(`${location}?token=x`)], { maxRedirects: 5, auth })
    const error: unknown = await client.catalog().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ status: 307 })
    expect(String(error)).toContain(`another origin, ${origin},`)
    expect(String(error)).not.toContain('token=x')
    expect(seen).toHaveLength(1)
  })

  it('keeps method and body, so a PUT follows 307 and 308 alone', async () => {
    const { client, seen } = scripted([to('/a', 308), { status: 201 }], { maxRedirects: 1 })
    await client.provision(instance)
    expect(seen[1]).toMatchObject({ method: 'PUT', path: '/a', body: seen[0]?.body })
    for (const status of [301, 302, 303]) {
      const other = scripted([to('/a', status)], { maxRedirects: 1 })
      await expect(other.client.provision(instance)).rejects.toMatchObject({ status, orphanMitigation: 'none' })
      expect(other.seen).toHaveLength(1)
    }
  })

  it('in a circle ends', async () => {
    const { client, seen } = scripted([to('/a'), to('/b'), to('/a'), to('/b')], { maxRedirects: 3 })
    await expect(client.catalog()).rejects.toMatchObject({ status: 307 })
    expect(seen).toHaveLength(4)
  })

  it('T33: with a dot segment is not followed, as a URL parser makes another path of it', async () => {
    for (const location of ['/v2/service_instances/i/service_bindings/%2E%2E', '/v2/..', '/./v2']) {
      const { client, seen } = scripted([to(location)], { maxRedirects: 1 })
      await expect(client.unbind(binding)).rejects.toMatchObject({ status: 307 })
      expect(seen).toHaveLength(1)
    }
  })
})

describe('what the client adds to a call', () => {
  const bodyOf = async (call: object, operation: 'provision' | 'bind' = 'provision'): Promise<unknown> => {
    const { client, seen } = scripted([{ status: 201 }])
    await client[operation]({ ...binding, ...call })
    return JSON.parse(seen[0]?.body ?? '')
  }

  it('PROV-08, PROV-09, PROV-10: organization and space of the context, at the top too', async () => {
    const context = { platform: 'cloudfoundry', organization_guid: 'o', space_guid: 'sp' }
    expect(await bodyOf({ context })).toMatchObject({ context, organization_guid: 'o', space_guid: 'sp' })
    expect(await bodyOf({ context, space_guid: 'mine' })).toMatchObject({ organization_guid: 'o', space_guid: 'mine' })
  })

  it('PROV-09, PROV-10: cluster and namespace of Kubernetes, which has no organizations', async () => {
    const context = { platform: 'kubernetes', clusterid: 'c', namespace: 'n' }
    expect(await bodyOf({ context })).toMatchObject({ organization_guid: 'c', space_guid: 'n' })
  })

  it('ERR-11, BIND-15: the app of bind_resource, at the top too (A25)', async () => {
    expect(await bodyOf({ bind_resource: { app_guid: 'a' } }, 'bind')).toMatchObject({ app_guid: 'a' })
    expect(await bodyOf({}, 'bind')).not.toHaveProperty('app_guid')
  })

  it.each([{}, { platform: 7 }, { platform: '' }])('CTX-03, CTX-04: refuses the context %j', async (context) => {
    await expect(bodyOf({ context })).rejects.toThrow(new TypeError('context.platform must be a text'))
  })

  it('OID-09: refuses an originating identity of another platform than the context', async () => {
    const { client, seen } = scripted([])
    const call = { ...instance, context: { platform: 'cloudfoundry' } }
    const details = { originatingIdentity: { platform: 'kubernetes', value: {} } }
    await expect(client.provision(call, details)).rejects.toThrow(TypeError)
    expect(seen).toHaveLength(0)
  })
})
