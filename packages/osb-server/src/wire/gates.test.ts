import { describe, expect, it, vi } from 'vitest'
import { binding, fakeBroker, ids, instance, provisionBody, send } from '../../test/support/wire.js'
import { basicAuth } from '../auth/basic-auth.js'

const version = 'X-Broker-API-Version'
const originating = 'X-Broker-API-Originating-Identity'
const identity = 'X-Broker-API-Request-Identity'
const login = { authorization: `Basic ${btoa('user:secret')}` }

describe('the order of the gates', () => {
  /** Each request has the fault of its row and of all rows below; the first fault must be the one that is told. */
  const faults = [
    { status: 401, line: 'PUT /v2/nothing', headers: {} },
    { status: 404, line: 'PUT /v2/nothing', headers: login },
    { status: 405, line: `POST ${instance}`, headers: login },
    { status: 400, says: version, line: `PUT ${instance}`, headers: login },
    { status: 412, says: '2.17', line: `PUT ${instance}`, headers: { ...login, [version]: '3.0' } },
    {
      status: 400,
      says: originating,
      line: `PUT ${instance}`,
      headers: { ...login, [version]: '2.17', [originating]: 'cf' },
    },
    { status: 400, says: 'content type', line: `PUT ${instance}`, headers: { ...login, [version]: '2.17' } },
  ]
  const body = `{"not": "valid", ${'x'.repeat(200)}`
  const options = { auth: basicAuth({ username: 'user', password: 'secret' }), maximumBodyBytes: 100 }

  it.each(faults)('answers $status before any later gate speaks ($says)', async ({ status, line, headers, says }) => {
    const later = { 'content-type': 'text/plain', [version]: undefined, ...headers }
    const answer = await send(fakeBroker({}, options), line, { headers: later, body })
    expect(answer.status).toBe(status)
    if (says) expect(answer.body).toMatchObject({ description: expect.stringContaining(says) })
  })

  it.each([
    { status: 413, body },
    { status: 400, says: 'JSON', body: '{"not": valid}' },
    { status: 400, says: '/plan_id', body: '{"service_id": "unknown"}' },
    { status: 400, says: 'service_id', body: '{"service_id": "unknown", "plan_id": "open-small"}' },
  ])('answers $status next ($says)', async ({ status, says, body }) => {
    const answer = await send(fakeBroker({}, options), `PUT ${instance}`, { headers: login, body })
    expect(answer.status).toBe(status)
    if (says) expect(answer.body).toMatchObject({ description: expect.stringContaining(says) })
  })

  it('asks the back end last', async () => {
    const provision = vi.fn()
    await send(fakeBroker({ provision }), `PUT ${instance}`, {
      body: { ...provisionBody, maintenance_info: { version: '2' } },
    })
    expect(provision).not.toHaveBeenCalled()
  })
})

describe('authentication', () => {
  const broker = fakeBroker({}, { auth: basicAuth({ username: 'user', password: 'secret' }) })

  it.each(['GET /v2/catalog', `GET ${instance}/last_operation`, 'GET /nothing'])(
    'AUTH-06, AUTH-07, T53: refuses %s without a login, with a challenge',
    async (line) => {
      const answer = await send(broker, line)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      expect(answer.headers.get('content-type')).toBe('application/json')
      expect(answer.body).toMatchObject({ error: 'Unauthorized' })
    },
  )

  it('hands the principal to the back end', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
    const auth = basicAuth({ username: 'user', password: 'secret' })
    await send(fakeBroker({ fetchInstance }, { auth }), `GET ${instance}`, { headers: login })
    expect(fetchInstance).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ principal: 'user' }))
  })

  it('cannot be forgotten', () => {
    expect(() => fakeBroker({}, { auth: undefined as never })).toThrow(/noAuth/)
  })
})

describe('routes', () => {
  it('A22: answers 404 for what it does not know, as an error object', async () => {
    const answer = await send(fakeBroker(), 'GET /v2/other')
    expect(answer).toMatchObject({ status: 404, body: { error: 'NotFound', description: expect.any(String) } })
  })

  it('A22: answers 405 with Allow', async () => {
    const answer = await send(fakeBroker(), `PATCH ${binding}`, { body: {} })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('PUT, GET, HEAD, DELETE')
  })

  it('T33: answers 400 for an id that is not valid percent-encoding', async () => {
    expect((await send(fakeBroker(), 'GET /v2/service_instances/%ff')).status).toBe(400)
  })
})

describe('API version', () => {
  it.each([
    ['VER-04', undefined, 400],
    ['A14', 'two', 400],
    ['A14', '2', 400],
    ['A14', '2.17, 2.17', 400],
    ['VER-03', '1.9', 412],
    ['VER-03', '3.0', 412],
    ['VER-01', '2.0', 200],
    ['T26', '2.99', 200],
  ])('%s: %s gives %i', async (_id, value, status) => {
    const answer = await send(fakeBroker(), 'GET /v2/catalog', { headers: { [version]: value } })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.body).toMatchObject({ description: expect.stringContaining('2.17') })
  })

  it('A15: has a minimum that can be set', async () => {
    const broker = fakeBroker({}, { minimumApiVersion: '2.14' })
    expect((await send(broker, 'GET /v2/catalog', { headers: { [version]: '2.13' } })).status).toBe(412)
    expect((await send(broker, 'GET /v2/catalog', { headers: { [version]: '2.14' } })).status).toBe(200)
  })

  it('T25: can be left out if the broker says so, and still be wrong', async () => {
    const broker = fakeBroker({}, { requireApiVersion: false })
    expect((await send(broker, 'GET /v2/catalog', { headers: { [version]: undefined } })).status).toBe(200)
    expect((await send(broker, 'GET /v2/catalog', { headers: { [version]: '3.0' } })).status).toBe(412)
  })

  it('is handed to the back end', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
    await send(fakeBroker({ fetchInstance }), `GET ${instance}`, { headers: { [version]: '2.13' } })
    const details = expect.objectContaining({ apiVersion: { major: 2, minor: 13 }, tenant: '' })
    expect(fetchInstance).toHaveBeenCalledWith(expect.anything(), details)
  })
})

describe('identities', () => {
  it.each([
    [200, 'GET /v2/catalog', {}],
    [200, `GET ${instance}/last_operation`, {}],
    [401, 'GET /v2/catalog', { authorization: 'Basic d3Jvbmc6d3Jvbmc=' }],
    [404, 'GET /nothing', {}],
    [412, 'GET /v2/catalog', { [version]: '3.0' }],
  ])('RID-04, T51: the request identity comes back with %i', async (status, line, headers) => {
    const auth = basicAuth({ username: 'user', password: 'secret' })
    const sent = { ...login, ...headers, [identity]: 'e26cee84-6b38-4456-b34e-d1a9f002c956' }
    const answer = await send(fakeBroker({}, { auth }), line, { headers: sent })
    expect(answer.status).toBe(status)
    expect(answer.headers.get(identity)).toBe('e26cee84-6b38-4456-b34e-d1a9f002c956')
  })

  it('does not echo a request identity that would split the answer', async () => {
    const header = (name: string) =>
      ({ [version.toLowerCase()]: '2.17', [identity.toLowerCase()]: 'a\r\nSet-Cookie: b' })[name]
    const request = {
      method: 'GET',
      target: '/v2/catalog',
      header,
      readBody: vi.fn(),
      signal: new AbortController().signal,
    }
    expect(Object.keys((await fakeBroker().handle(request)).headers)).not.toContain(identity)
  })

  it('OID-06: hands the originating identity on, decoded', async () => {
    const deprovision = vi.fn(async () => ({ outcome: 'deleted', body: {} }) as const)
    const value = { user_id: '683ea748-3092-4ff4-b656-39cacc4d5360' }
    const headers = { [originating]: `cloudfoundry ${btoa(JSON.stringify(value))}` }
    await send(fakeBroker({ deprovision }), `DELETE ${instance}?${ids}`, { headers })
    const details = expect.objectContaining({ originatingIdentity: { platform: 'cloudfoundry', value } })
    expect(deprovision).toHaveBeenCalledWith(expect.anything(), details)
  })

  it.each(['cloudfoundry', 'cloudfoundry e30', 'cloudfoundry WzFd', 'cloudfoundry !!!!'])(
    'T50: %j is taken only if it is a platform and a JSON object',
    async (value) => {
      const answer = await send(fakeBroker(), 'GET /v2/catalog', { headers: { [originating]: value } })
      expect(answer.status).toBe(value.endsWith('e30') ? 200 : 400)
    },
  )
})
