import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeBackend } from '../../test/support/wire.js'
import { basicAuth } from '../auth/basic-auth.js'
import { createBrokerFromBackend } from './create-broker-from-backend.js'
import type { RateLimit } from './rate-limit.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const right = `Basic ${btoa('u:p')}`

function limited(rateLimit: RateLimit) {
  const auth = basicAuth({ username: 'u', password: 'p' })
  const { handle } = createBrokerFromBackend(fakeBackend(), { auth, rateLimit })
  return async (remoteAddress?: string, headers: Record<string, string> = { authorization: right }) => {
    const { status, headers: answered } = await handle({
      method: 'GET',
      target: '/v2/catalog',
      header: (name) => ({ 'x-broker-api-version': '2.17', ...headers })[name],
      remoteAddress,
      readBody: async () => '',
      signal: new AbortController().signal,
    })
    return status === 429 ? `429 after ${answered['Retry-After']}` : status
  }
}

describe('a rate limit', () => {
  it('lets so many requests through at once, then one whenever its share of the time is over', async () => {
    const send = limited({ requests: 3, perMs: 30_000 })
    expect([await send('a'), await send('a'), await send('a'), await send('a')]).toEqual([
      200,
      200,
      200,
      '429 after 10',
    ])
    vi.advanceTimersByTime(9_000)
    expect(await send('a')).toBe('429 after 1')
    vi.advanceTimersByTime(1_000)
    expect([await send('a'), await send('a')]).toEqual([200, '429 after 10'])
    vi.advanceTimersByTime(100_000)
    expect([await send('a'), await send('a'), await send('a'), await send('a')]).toEqual([
      200,
      200,
      200,
      '429 after 10',
    ])
  })

  it('counts wrong logins, and refuses a right one after them', async () => {
    const send = limited({ requests: 2, perMs: 1_000 })
    const wrong = { authorization: `Basic ${btoa('u:guess')}` }
    expect([await send('a', wrong), await send('a', wrong), await send('a')]).toEqual([401, 401, '429 after 1'])
  })

  it.each([
    ['10.0.0.1', '10.0.0.2', 200],
    ['10.0.0.1', '::ffff:10.0.0.1', '429 after 1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1', '429 after 1'],
    ['2001:db8::1', '2001:db8:0:0:7::', '429 after 1'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 200],
    [undefined, undefined, '429 after 1'],
    [undefined, '10.0.0.1', 200],
  ])('tells sources apart by address: %s, then %s', async (one, other, answer) => {
    const send = limited({ requests: 1, perMs: 1_000 })
    expect([await send(one), await send(other)]).toEqual([200, answer])
  })

  it('tells sources apart as it is told to', async () => {
    const send = limited({ requests: 1, perMs: 1_000, sourceOf: ({ header }) => header('x-source') })
    const from = (source: string) => send('proxy', { authorization: right, 'x-source': source })
    expect([await from('a'), await from('b'), await from('a')]).toEqual([200, 200, '429 after 1'])
  })

  it('forgets the source that was silent longest, not one that keeps coming', async () => {
    const send = limited({ requests: 2, perMs: 1e9 })
    await send('busy')
    await send('silent')
    await send('silent')
    for (let other = 0; other < 9_999; other++) {
      if (other === 5_000) await send('busy')
      await send(String(other))
    }
    expect([await send('busy'), await send('silent')]).toEqual(['429 after 500000', 200])
  })

  it.each([
    { requests: 0, perMs: 1 },
    { requests: 1.5, perMs: 1 },
    { requests: 1, perMs: 0 },
    { requests: 1, perMs: Infinity },
    { requests: Number.NaN, perMs: 1 },
  ])('refuses %j', (rateLimit) => {
    expect(() => limited(rateLimit)).toThrow(TypeError)
  })
})

it('is off by default', async () => {
  const { handle } = createBrokerFromBackend(fakeBackend(), { auth: basicAuth({ username: 'u', password: 'p' }) })
  const request = {
    method: 'GET',
    target: '/v2/catalog',
    header: () => undefined,
    readBody: async () => '',
    signal: new AbortController().signal,
  }
  for (let time = 0; time < 200; time++) expect((await handle(request)).status).toBe(401)
})
