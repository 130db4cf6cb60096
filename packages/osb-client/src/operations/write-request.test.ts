import { describe, expect, it } from 'vitest'
import { requestIdentityOf, type RequestSettings, writeRequest } from './write-request.js'

const settings: RequestSettings = { prefix: '', apiVersion: '2.17', sendsRequestIdentity: true }
const write = (operation: Parameters<typeof writeRequest>[0], call: object, details = {}, given = settings) =>
  writeRequest(operation, { ...call }, details, 'request-1', given)
const instance = { instance_id: 'i' }
const binding = { instance_id: 'i', binding_id: 'b' }
const plan = { service_id: 's', plan_id: 'p' }

describe('writeRequest', () => {
  it.each([
    ['catalog', {}, 'GET', '/v2/catalog', undefined],
    ['provision', { ...instance, ...plan }, 'PUT', '/v2/service_instances/i', plan],
    ['fetchInstance', { ...instance, ...plan }, 'GET', '/v2/service_instances/i?service_id=s&plan_id=p', undefined],
    ['update', { ...instance, service_id: 's' }, 'PATCH', '/v2/service_instances/i', { service_id: 's' }],
    ['deprovision', { ...instance, ...plan }, 'DELETE', '/v2/service_instances/i?service_id=s&plan_id=p', undefined],
    [
      'lastInstanceOperation',
      { ...instance, ...plan, operation: 'o' },
      'GET',
      '/v2/service_instances/i/last_operation?service_id=s&plan_id=p&operation=o',
      undefined,
    ],
    ['bind', { ...binding, ...plan }, 'PUT', '/v2/service_instances/i/service_bindings/b', plan],
    [
      'fetchBinding',
      { ...binding, ...plan },
      'GET',
      '/v2/service_instances/i/service_bindings/b?service_id=s&plan_id=p',
      undefined,
    ],
    [
      'unbind',
      { ...binding, ...plan },
      'DELETE',
      '/v2/service_instances/i/service_bindings/b?service_id=s&plan_id=p',
      undefined,
    ],
    [
      'lastBindingOperation',
      { ...binding, ...plan },
      'GET',
      '/v2/service_instances/i/service_bindings/b/last_operation?service_id=s&plan_id=p',
      undefined,
    ],
  ] as const)('writes %s', (operation, call, method, path, body) => {
    const request = write(operation, call)
    expect(request).toMatchObject({ method, path })
    expect(request.body && JSON.parse(request.body)).toEqual(body)
    expect('Content-Type' in request.headers).toBe(body !== undefined)
    expect(request.headers['Accept']).toBe('application/json')
  })

  it('SYN-10, T11: sends accepts_incomplete only when it is true, and never in the body', () => {
    const path = '/v2/service_instances/i'
    expect(write('provision', { ...instance, ...plan, accepts_incomplete: true })).toMatchObject({
      path: `${path}?accepts_incomplete=true`,
      body: JSON.stringify(plan),
    })
    expect(write('provision', { ...instance, ...plan, accepts_incomplete: false })).toMatchObject({ path })
  })

  it('URL-03, LOI-05: percent-encodes ids and operation, a space as %20', () => {
    const call = { instance_id: 'a/b ..', operation: 'x y+z&=?#/é' }
    expect(write('lastInstanceOperation', call).path).toBe(
      '/v2/service_instances/a%2Fb%20../last_operation?operation=x%20y%2Bz%26%3D%3F%23%2F%C3%A9',
    )
  })

  it('LOI-06, GETI-06: leaves out optional query parameters that are empty or absent', () => {
    const call = { ...instance, service_id: '', plan_id: undefined, operation: '' }
    expect(write('lastInstanceOperation', call).path).toBe('/v2/service_instances/i/last_operation')
  })

  it.each([
    ['DEP-07: a deprovision without service_id', 'deprovision', { ...instance, plan_id: 'p' }],
    ['UNB-09: an unbind with an empty plan_id', 'unbind', { ...binding, service_id: 's', plan_id: '' }],
    ['PROV-02: a provision with an empty instance_id', 'provision', { instance_id: '', ...plan }],
    ['BIND-11, ROT-08: a bind without binding_id', 'bind', { ...instance, ...plan }],
  ] as const)('%s is refused before it is sent', (_name, operation, call) => {
    expect(() => write(operation, call)).toThrow(TypeError)
  })

  it('EXT-01: keeps unknown fields of the body, even one named like an id of another route', () => {
    const body = { ...plan, 'x-vendor': { a: [1] }, binding_id: 'kept' }
    expect(JSON.parse(write('provision', { ...instance, ...body }).body ?? '')).toEqual(body)
  })

  it('GEN-02: puts the path prefix of the broker before the path', () => {
    expect(write('catalog', {}, {}, { ...settings, prefix: '/brokers/a' }).path).toBe('/brokers/a/v2/catalog')
  })

  it('VER-01, VER-02, RID-02, RID-05, OID-06: sends the headers of the protocol', () => {
    const originatingIdentity = { platform: 'cloudfoundry', value: { user_id: 'u' } }
    const { headers } = write('catalog', {}, { originatingIdentity })
    expect(headers).toEqual({
      Accept: 'application/json',
      'X-Broker-API-Version': '2.17',
      'X-Broker-API-Request-Identity': 'request-1',
      'X-Broker-API-Originating-Identity': 'cloudfoundry eyJ1c2VyX2lkIjoidSJ9',
    })
  })

  it('CAT-10: sends the ETag of the copy that the caller has', () => {
    expect(write('catalog', { etag: '"abc"' }).headers['If-None-Match']).toBe('"abc"')
    expect(() => write('catalog', { etag: 'a\r\nX: 1' })).toThrow(TypeError)
  })
})

describe('requestIdentityOf', () => {
  it('RID-07, RID-08: is a new GUID for each request unless the caller gives one', () => {
    expect(requestIdentityOf({})).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(requestIdentityOf({})).not.toBe(requestIdentityOf({}))
    expect(requestIdentityOf({ requestIdentity: 'mine 1' })).toBe('mine 1')
  })

  it.each(['', ' ', 'a\r\nb', 'é'])('RID-06: refuses %j', (requestIdentity) => {
    expect(() => requestIdentityOf({ requestIdentity })).toThrow(TypeError)
  })
})
