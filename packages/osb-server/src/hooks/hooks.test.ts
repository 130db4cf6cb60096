import { formatOriginatingIdentity, headerNames } from 'osb-protocol'
import { describe, expect, it, vi } from 'vitest'
import { binding, fakeBackend, fakeBroker, ids, instance, provisionBody, send } from '../../test/support/wire.js'
import { basicAuth } from '../auth/basic-auth.js'
import { OsbError } from '../errors.js'
import { createBrokerFromBackend } from '../wire/create-broker-from-backend.js'
import type { OutcomeReport, RequestReport } from './reports.js'

const originatingIdentity = { platform: 'cloudfoundry', value: { user_id: 'u1' } }
const identities = {
  [headerNames.requestIdentity]: 'r1',
  [headerNames.originatingIdentity]: formatOriginatingIdentity(originatingIdentity),
}
const hooks = () => ({
  onRequest: vi.fn<(report: RequestReport) => void>(),
  onOutcome: vi.fn<(report: OutcomeReport) => void>(),
  onError: vi.fn(),
})

describe('onRequest and onOutcome', () => {
  it('hear of a refused request what was known of it by then', async () => {
    const { onRequest, onOutcome } = hooks()
    const broker = fakeBroker({}, { onRequest, onOutcome })
    const headers = { [headerNames.originatingIdentity]: 'malformed' }
    expect((await send(broker, `DELETE ${instance}?${ids}`, { headers })).status).toBe(400)
    expect(onRequest).not.toHaveBeenCalled()
    const known = { operation: 'deprovision', instance_id: 'i1', apiVersion: { major: 2, minor: 17 } }
    expect(onOutcome.mock.calls[0]?.[0].request).toMatchObject(known)
  })

  it('hear of a request with all that is known of it, and of its outcome with the same object', async () => {
    const { onRequest, onOutcome } = hooks()
    const auth = basicAuth({ username: 'a', password: 'hunter2', principal: 'acme platform' })
    const broker = createBrokerFromBackend(fakeBackend(), { auth, tenants: { acme: { auth } }, onRequest, onOutcome })
    const headers = { ...identities, authorization: `Basic ${btoa('a:hunter2')}` }
    const body = { ...provisionBody, parameters: { secret: 'hunter2' } }
    const before = Date.now()
    await send(broker, `PUT /acme${binding}`, { headers, body })
    expect(onRequest).toHaveBeenCalledTimes(1)
    expect(onRequest).toHaveBeenCalledWith({
      operation: 'bind',
      instance_id: 'i1',
      binding_id: 'b1',
      service_id: 'open',
      plan_id: 'open-small',
      service_name: 'open-db',
      plan_name: 'small',
      tenant: 'acme',
      principal: 'acme platform',
      apiVersion: { major: 2, minor: 17 },
      originatingIdentity,
      requestIdentity: 'r1',
      startedAtMs: expect.any(Number),
    })
    const outcome = onOutcome.mock.calls[0]![0]
    expect(outcome).toMatchObject({ status: 201, outcome: 'created', durationMs: expect.any(Number) })
    expect(outcome.error).toBeUndefined()
    expect(outcome.request).toBe(onRequest.mock.calls[0]![0])
    expect(outcome.request.startedAtMs).toBeGreaterThanOrEqual(before)
    expect(outcome.durationMs).toBeGreaterThanOrEqual(0)
    expect(JSON.stringify([onRequest.mock.calls, onOutcome.mock.calls])).not.toContain('hunter2')
  })

  it.each([
    ['a request without a login', 'GET /v2/catalog', { authorization: '' }, 401, 'Unauthorized', undefined],
    ['an unknown path', 'GET /v2/nothing', {}, 404, 'NotFound', undefined],
    [
      'another version',
      'GET /v2/catalog',
      { [headerNames.apiVersion]: '3.0' },
      412,
      'UnsupportedApiVersion',
      'catalog',
    ],
    ['a plan left out', `DELETE ${instance}?service_id=open`, {}, 400, 'BadRequest', 'deprovision'],
  ])('hear of %s by its outcome only', async (_what, line, more, status, error, operation) => {
    const { onRequest, onOutcome } = hooks()
    const auth = basicAuth({ username: 'a', password: 'a' })
    const broker = createBrokerFromBackend(fakeBackend(), { auth, onRequest, onOutcome })
    const headers = { authorization: `Basic ${btoa('a:a')}`, ...identities, ...more }
    await send(broker, line, { headers })
    expect(onRequest).not.toHaveBeenCalled()
    expect(onOutcome).toHaveBeenCalledTimes(1)
    const outcome = onOutcome.mock.calls[0]![0]
    expect(outcome).toMatchObject({ status, error, request: { requestIdentity: 'r1' } })
    expect(outcome.request.operation).toBe(operation)
    expect(outcome.request.tenant).toBe(status === 401 ? undefined : '')
  })

  it('hear of the catalog and its 304', async () => {
    const { onRequest, onOutcome } = hooks()
    const broker = fakeBroker({}, { onRequest, onOutcome })
    const etag = (await send(broker, 'GET /v2/catalog')).headers.get('etag') ?? ''
    await send(broker, 'GET /v2/catalog', { headers: { 'if-none-match': etag } })
    expect(onRequest).toHaveBeenCalledTimes(2)
    expect(onOutcome.mock.calls.map(([{ status, outcome }]) => [status, outcome])).toEqual([
      [200, 'found'],
      [304, 'unchanged'],
    ])
  })

  it('hear of what a closed broker refuses', async () => {
    const { onRequest, onOutcome } = hooks()
    const broker = fakeBroker({}, { onRequest, onOutcome })
    await broker.close()
    await send(broker, 'GET /v2/catalog')
    expect(onRequest).not.toHaveBeenCalled()
    expect(onOutcome).toHaveBeenCalledWith(expect.objectContaining({ status: 503, error: 'Unavailable' }))
  })
})

describe('onError', () => {
  it('hears what was thrown, with all that is known of the request', async () => {
    const { onError, onOutcome } = hooks()
    const cause = new Error('disk is full')
    const broker = fakeBroker({ deprovision: () => Promise.reject(cause) }, { onError, onOutcome })
    await send(broker, `DELETE ${instance}?${ids}`, { headers: identities })
    const report = {
      status: 500,
      operation: 'deprovision',
      instance_id: 'i1',
      service_name: 'open-db',
      plan_name: 'small',
      tenant: '',
      requestIdentity: 'r1',
      originatingIdentity,
      durationMs: expect.any(Number),
    }
    expect(onError).toHaveBeenCalledWith(cause, expect.objectContaining(report))
    expect(onOutcome).toHaveBeenCalledWith(expect.objectContaining({ status: 500, error: 'InternalError' }))
  })
})

describe('hooks', () => {
  it.each([
    () => {
      throw new Error('the hook is broken')
    },
    (() => Promise.reject(new Error('the hook is broken'))) as () => never,
  ])('that fail change nothing, neither for the platform nor for other hooks', async (broken) => {
    const other = hooks()
    const broker = fakeBroker(
      { deprovision: () => Promise.reject(OsbError.internal('x')) },
      { onRequest: broken, onOutcome: broken, onError: broken },
    )
    broker.observe(other)
    expect((await send(broker, 'GET /v2/catalog')).status).toBe(200)
    expect((await send(broker, `DELETE ${instance}?${ids}`)).status).toBe(500)
    expect(other.onOutcome).toHaveBeenCalledTimes(2)
    expect(other.onError).toHaveBeenCalledTimes(1)
  })

  it('that were added can be taken away', async () => {
    const { onRequest, onOutcome } = hooks()
    const broker = fakeBroker()
    const end = broker.observe({ onRequest, onOutcome })
    await send(broker, 'GET /v2/catalog')
    end()
    await send(broker, 'GET /v2/catalog')
    expect([onRequest.mock.calls.length, onOutcome.mock.calls.length]).toEqual([1, 1])
  })
})
