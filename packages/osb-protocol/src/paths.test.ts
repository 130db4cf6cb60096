import { describe, expect, it } from 'vitest'
import { buildPath, encodePathSegment, matchPath } from './paths.js'

const instance = '/v2/service_instances/i'
const binding = `${instance}/service_bindings/b`

describe('buildPath', () => {
  it.each([
    ['catalog', '/v2/catalog'],
    ['provision', instance],
    ['fetchInstance', instance],
    ['update', instance],
    ['deprovision', instance],
    ['lastInstanceOperation', `${instance}/last_operation`],
    ['bind', binding],
    ['fetchBinding', binding],
    ['unbind', binding],
    ['lastBindingOperation', `${binding}/last_operation`],
  ] as const)('gives the path of %s', (operation, path) => {
    expect(buildPath(operation, { instance_id: 'i', binding_id: 'b' })).toBe(path)
  })

  it('refuses an id that is missing or empty', () => {
    expect(() => buildPath('provision')).toThrow(new TypeError('provision needs instance_id, a non-empty string'))
    expect(() => buildPath('bind', { instance_id: 'i', binding_id: '' })).toThrow(TypeError)
  })
})

describe('encodePathSegment', () => {
  it.each([
    ['a/b', 'a%2Fb'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['...', '...'],
    ['a b+c?d#e%f', 'a%20b%2Bc%3Fd%23e%25f'],
    ["!'()*", '%21%27%28%29%2A'],
    ['AZaz09-._~', 'AZaz09-._~'],
    ['ключ', '%D0%BA%D0%BB%D1%8E%D1%87'],
    ['\ud800', '%EF%BF%BD'],
  ])('URL-02, URL-03: writes %j as %s', (id, encoded) => {
    expect(encodePathSegment(id)).toBe(encoded)
  })
})

describe('matchPath', () => {
  it.each([
    ['/v2/service_instances/a%2Fb', 'a/b'],
    ['/v2/service_instances/%2E%2E', '..'],
    ['/v2/service_instances/%2e', '.'],
    ['/v2/service_instances/a%252Fb', 'a%2Fb'],
    ['/v2/service_instances/a+b', 'a+b'],
    ['/v2/service_instances/last_operation', 'last_operation'],
  ])('T33: decodes each id of %s once', (path, instance_id) => {
    expect(matchPath('GET', path)).toEqual({ match: 'operation', operation: 'fetchInstance', ids: { instance_id } })
  })

  it.each([
    '/v2/service_instances/%',
    '/v2/service_instances/%zz',
    '/v2/service_instances/%ff',
    '/v2/service_instances/\uD800',
  ])('calls %s malformed', (path) => {
    expect(matchPath('PUT', path)).toEqual({
      match: 'malformed',
      reason: 'instance_id in the path is not valid percent-encoded UTF-8',
    })
  })

  it('names the malformed binding_id', () => {
    expect(matchPath('PUT', `${instance}/service_bindings/%c3`)).toMatchObject({
      match: 'malformed',
      reason: expect.stringContaining('binding_id') as unknown,
    })
  })

  it.each([
    ['/v2/catalog', 'POST', ['GET']],
    [instance, 'POST', ['PUT', 'GET', 'PATCH', 'DELETE']],
    [`${instance}/last_operation`, 'DELETE', ['GET']],
    [binding, 'PATCH', ['PUT', 'GET', 'DELETE']],
    [`${binding}/last_operation`, 'PUT', ['GET']],
    [instance, 'constructor', ['PUT', 'GET', 'PATCH', 'DELETE']],
  ])('A22: %s knows other methods than %s', (path, method, allow) => {
    expect(matchPath(method, path)).toEqual({ match: 'wrong-method', allow })
  })

  it('answers HEAD like GET', () => {
    expect(matchPath('HEAD', '/v2/catalog')).toMatchObject({ operation: 'catalog' })
  })

  it.each([
    '/',
    '/v2',
    '/v2/',
    '/v2/catalog/',
    '/v3/catalog',
    '/v2/service_instances',
    '/v2/service_instances/',
    '/v2/service_instances//last_operation',
    `${instance}/`,
    `${instance}/service_bindings`,
    `${instance}/service_bindings/`,
    `${instance}/last_operation/`,
    `${instance}/other`,
    `${instance}/other/b`,
    `${binding}/`,
    `${binding}/other`,
    `${binding}/last_operation/`,
    `${binding}/last_operation/x`,
  ])('has nothing at %s', (path) => {
    expect(matchPath('GET', path)).toEqual({ match: 'none' })
  })
})
