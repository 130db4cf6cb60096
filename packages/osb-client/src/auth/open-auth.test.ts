import { describe, expect, it } from 'vitest'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import type { BrokerAuth, BrokerClientOptions } from '../index.js'

const catalog = { status: 200, body: { services: [] } }
const refused = { status: 401, body: { description: 'log in' } }
const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }

function scripted(auth: BrokerAuth, answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}) {
  const { fetch, seen } = scriptedFetch(...answers)
  const client = createBrokerClient({ url: brokerUrl, auth, fetch, ...options })
  return { client, seen, sent: () => seen.map(({ headers }) => headers['Authorization']) }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('a provider of tokens', () => {
  it('AUTH-05: is asked once, whatever the number of calls at the same time', async () => {
    let asked = 0
    const token = () => Promise.resolve(`token-${++asked}`)
    const { client, sent } = scripted({ token }, [catalog, catalog, catalog])
    await Promise.all([client.catalog(), client.catalog()])
    await client.catalog()
    expect(sent()).toEqual(Array(3).fill('Bearer token-1'))
  })

  it('AUTH-05: is asked again after a 401, told which token was refused, and the call is sent once more', async () => {
    const told: (string | undefined)[] = []
    const token = ({ refused: old }: { refused: string | undefined }) => `token-${told.push(old)}`
    const { client, seen, sent } = scripted({ token }, [refused, { status: 201 }, catalog])
    await client.provision(instance)
    expect(seen[1]).toMatchObject({ method: 'PUT', body: seen[0]?.body })
    await client.catalog()
    expect(sent()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2'])
    expect(told).toEqual([undefined, 'token-1'])
  })

  it('is asked again once for each call: a second 401 is the answer', async () => {
    const { client, seen } = scripted({ token: () => 'always' }, [refused, refused])
    await expect(client.catalog()).rejects.toMatchObject({ status: 401 })
    expect(seen).toHaveLength(2)
  })

  it('is asked once when several calls at the same time are refused', async () => {
    let asked = 0
    const token = () => Promise.resolve(`token-${++asked}`)
    const { client, sent } = scripted({ token }, [refused, refused, catalog, catalog])
    await Promise.all([client.catalog(), client.catalog()])
    expect(sent()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2', 'Bearer token-2'])
  })

  it('that throws ends the call with what it threw, nothing being sent; the next call asks again', async () => {
    let asked = 0
    const token = () => (++asked === 1 ? Promise.reject(new Error('the vault is closed')) : 'open')
    const { client, seen } = scripted({ token }, [catalog])
    await expect(client.provision(instance)).rejects.toThrow('the vault is closed')
    expect(seen).toHaveLength(0)
    await client.catalog()
    expect(seen).toHaveLength(1)
  })

  it('that gives no token is a mistake of the program, and the token is not repeated', async () => {
    const { client } = scripted({ token: () => 'hunter2\r\nX: 1' }, [])
    const error = await failureOf(client.catalog())
    expect(error).toEqual(new TypeError('auth.token must be one word of ASCII characters'))
  })

  it('gives tokens that no message repeats, the refused one included', async () => {
    let asked = 0
    const quoted = { status: 401, body: { description: 'neither hunter-1 nor hunter-2 is good' } }
    const { client } = scripted({ token: () => `hunter-${++asked}` }, [refused, quoted])
    const error = await failureOf(client.catalog())
    expect(String(error)).toContain('neither [redacted] nor [redacted] is good')
  })

  it('is waited for no longer than the call may take', async () => {
    const { client } = scripted({ token: () => new Promise<string>(() => {}) }, [], { timeoutMs: 50 })
    await expect(client.catalog()).rejects.toMatchObject({ code: 'BROKER_TIMEOUT', phase: 'call' })
  })
})

describe('a static login', () => {
  it('is not sent twice: a 401 is the answer', async () => {
    for (const auth of [{ username: 'u', password: 'p' }, { token: 't' }, 'none'] as const) {
      const { client, seen } = scripted(auth, [refused])
      await expect(client.catalog()).rejects.toMatchObject({ status: 401 })
      expect(seen).toHaveLength(1)
    }
  })
})

describe('headers of another mechanism', () => {
  it('AUTH-05: are asked for with each request, which they may sign', async () => {
    const asked: unknown[] = []
    const headers = (request: object) => {
      asked.push(request)
      return Promise.resolve({ Authorization: `Signature ${asked.length}`, 'X-Tenant': 'a' })
    }
    const { client, seen } = scripted({ headers }, [{ status: 201 }, catalog])
    await client.provision(instance)
    await client.catalog()
    expect(asked).toEqual([
      { method: 'PUT', url: `${brokerUrl}/v2/service_instances/i`, body: '{"service_id":"s","plan_id":"p"}' },
      { method: 'GET', url: `${brokerUrl}/v2/catalog`, body: undefined },
    ])
    expect(seen.map(({ headers: sent }) => [sent['Authorization'], sent['X-Tenant']])).toEqual([
      ['Signature 1', 'a'],
      ['Signature 2', 'a'],
    ])
  })

  it('are refused when they do not fit in headers, and not repeated', async () => {
    for (const wrong of [{ 'X-Key': 'hunter2\n' }, { 'hunter2:': 'a' }]) {
      const { client } = scripted({ headers: () => wrong }, [])
      const error = await failureOf(client.catalog())
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).not.toContain('hunter2')
    }
    expect(() => scripted({ headers: {} } as never, [])).toThrow('auth.headers must be a function')
  })

  it('are not repeated when the broker quotes them', async () => {
    const auth = { headers: () => ({ 'X-Key': 'hunter2' }) }
    const { client } = scripted(auth, [{ status: 400, body: { description: 'X-Key hunter2 is unknown' } }])
    expect(String(await failureOf(client.catalog()))).toContain('X-Key [redacted] is unknown')
  })
})
