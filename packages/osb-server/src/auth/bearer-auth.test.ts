import { describe, expect, it, vi } from 'vitest'
import { fakeBroker, send } from '../../test/support/wire.js'
import { OsbError } from '../errors.js'
import { anyOf } from './any-of.js'
import type { Authenticator } from './authenticator.js'
import { basicAuth } from './basic-auth.js'
import { bearerAuth } from './bearer-auth.js'

const verify = vi.fn(async (token: string) => (token === 'good-token' ? 'someone' : undefined))
const get = (auth: Authenticator, authorization: string | undefined, onError = () => {}) =>
  send(fakeBroker({}, { auth, onError }), 'GET /v2/catalog', { headers: { authorization } })

describe('bearerAuth', () => {
  it.each(['Bearer good-token', 'bearer   good-token '])('AUTH-05: lets in with %j', async (authorization) => {
    expect((await get(bearerAuth({ verify }), authorization)).status).toBe(200)
  })

  it.each([undefined, 'Bearer', 'Bearer ', 'Bearer bad', 'Basic good-token', 'Bearer good-token x', 'good-token'])(
    'AUTH-07: answers 401 with its challenge to %j',
    async (authorization) => {
      const answer = await get(bearerAuth({ verify }), authorization)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="service broker"')
    },
  )

  it.each(['', true, null, {}])('lets nobody in when verify returns %j', async (principal) => {
    expect((await get(bearerAuth({ verify: () => principal as never }), 'Bearer x')).status).toBe(401)
  })

  it('answers as verify says when the token cannot be checked, else with 500', async () => {
    const failing = (error: Error) => get(bearerAuth({ verify: () => Promise.reject(error) }), 'Bearer x')
    expect((await failing(OsbError.unavailable('later'))).status).toBe(503)
    expect((await failing(new Error('x'))).status).toBe(500)
  })

  it('needs a function', () => {
    expect(() => bearerAuth({} as never)).toThrow(TypeError)
  })
})

describe('anyOf', () => {
  const auth = anyOf(basicAuth({ username: 'u', password: 'p' }), bearerAuth({ verify }))

  it('lets in whom one of them lets in', async () => {
    expect((await get(auth, `Basic ${btoa('u:p')}`)).status).toBe(200)
    expect((await get(auth, 'Bearer good-token')).status).toBe(200)
  })

  it('offers the challenges of all when none does', async () => {
    const answer = await get(auth, 'Bearer bad')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Basic realm="service broker", charset="UTF-8", Bearer realm="service broker"',
    )
  })

  it('needs one', () => {
    expect(() => anyOf()).toThrow(TypeError)
  })
})
