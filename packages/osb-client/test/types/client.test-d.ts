import type { JsonObject, ProvisionOutcome } from 'osb-protocol'
import { Agent, fetch as undiciFetch, MockAgent, type ProxyAgent } from 'undici'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type BrokerClient, type BrokerClientOptions, type BrokerFetch, createBrokerClient } from '../../src/index.js'

declare const client: BrokerClient
const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const url = 'http://broker.test'

describe('options', () => {
  it('takes every known dispatcher and fetch', () => {
    expectTypeOf(new Agent()).toExtend<NonNullable<BrokerClientOptions['dispatcher']>>()
    expectTypeOf(new MockAgent()).toExtend<NonNullable<BrokerClientOptions['dispatcher']>>()
    expectTypeOf<ProxyAgent>().toExtend<NonNullable<BrokerClientOptions['dispatcher']>>()
    expectTypeOf(undiciFetch).toExtend<BrokerFetch>()
    expectTypeOf(globalThis.fetch).toExtend<BrokerFetch>()
    const broker = { fetch: (_request: Request): Promise<Response> => Promise.resolve(new Response()) }
    createBrokerClient({ url, auth: 'none', fetch: (target, init) => broker.fetch(new Request(target, init)) })
  })

  it('cannot be made without saying how to authenticate', () => {
    // @ts-expect-error auth is missing
    createBrokerClient({ url })
    // @ts-expect-error a password is missing
    createBrokerClient({ url, auth: { username: 'u' } })
  })
})

describe('calls', () => {
  it('gives the outcome union of osb-protocol', () => {
    expectTypeOf(client.provision(instance)).resolves.toEqualTypeOf<ProvisionOutcome>()
    expectTypeOf(client.deprovision(instance)).resolves.toHaveProperty('outcome')
  })

  it('needs what the protocol requires', () => {
    // @ts-expect-error plan_id is missing
    void client.provision({ instance_id: 'i', service_id: 's' })
    // @ts-expect-error binding_id is missing
    void client.bind(instance)
    // @ts-expect-error DEP-07: service_id is missing
    void client.deprovision({ instance_id: 'i', plan_id: 'p' })
  })

  it('narrows the body by the outcome', async () => {
    const outcome = await client.provision(instance)
    if (outcome.outcome === 'accepted') {
      expectTypeOf(outcome.body.operation).toEqualTypeOf<string | null | undefined>()
      expectTypeOf(outcome.retryAfterSeconds).toEqualTypeOf<number | undefined>()
    } else {
      expectTypeOf(outcome.outcome).toEqualTypeOf<'exists' | 'created'>()
      expectTypeOf(outcome.body.dashboard_url).toEqualTypeOf<string | null | undefined>()
    }
  })
})

describe('bindAndWait', () => {
  it('gives credentials of the type that the schema puts out', () => {
    const credentials = z.object({ uri: z.string(), port: z.coerce.number() })
    const bound = client.bindAndWait(binding, { credentials })
    expectTypeOf(bound).resolves.toHaveProperty('credentials').toEqualTypeOf<{ uri: string; port: number }>()
  })

  it('gives them untyped without a schema', () => {
    const bound = client.bindAndWait(binding)
    expectTypeOf(bound).resolves.toHaveProperty('credentials').toEqualTypeOf<JsonObject | undefined>()
  })
})
