import { describe, expect, it } from 'vitest'
import { isOsbError } from '../errors.js'
import { findRoute } from './find-route.js'

describe('findRoute', () => {
  it.each([
    ['/v2/catalog', {}],
    ['/broker/v2/catalog', {}],
    ['/a/b/c/v2/catalog', {}],
    ['/broker/v2/service_instances/v2/service_bindings/v2', { instance_id: 'v2', binding_id: 'v2' }],
    ['/v2/service_instances/a%2Fv2%2Fcatalog', { instance_id: 'a/v2/catalog' }],
    ['/v2/service_instances/%2E%2E', { instance_id: '..' }],
    ['http://broker/v2/catalog', {}],
    ['http://v2/v2/catalog', {}],
    ['http://v2/prefix/v2/catalog?a=/v2/', {}],
  ])('GEN-02, T33: finds the operation in %s', (target, ids) => {
    expect(findRoute('GET', target, undefined)).toMatchObject({ ids })
  })

  it.each([
    '',
    '*',
    '/',
    '/v2',
    '/v2/',
    '/v2catalog',
    '/v2/catalog/',
    '/v3/catalog',
    'http://broker',
    '/?/v2/catalog',
    '/v2/catalog#/',
  ])('A22: finds nothing in %j', (target) => {
    expect(() => findRoute('GET', target, undefined)).toThrow(expect.objectContaining({ code: 'NotFound' }))
  })

  it('keeps the query as it came', () => {
    expect(findRoute('GET', '/v2/service_instances/a/last_operation?operation=a%2Bb?c', undefined).query).toBe(
      'operation=a%2Bb?c',
    )
  })

  it('takes only what is below the base path, when it is told one', () => {
    expect(findRoute('GET', '/v2/broker/v2/catalog', '/v2/broker').operation).toBe('catalog')
    for (const target of ['/v2/catalog', '/v2/brokers/v2/catalog', '/v2/broker/x/v2/catalog'])
      expect(() => findRoute('GET', target, '/v2/broker')).toThrow(expect.objectContaining({ code: 'NotFound' }))
  })

  it('throws errors that can be told from others', () => {
    try {
      findRoute('POST', '/v2/catalog', undefined)
    } catch (error) {
      expect(isOsbError(error) && error.headers['Allow']).toBe('GET, HEAD')
    }
    expect.assertions(1)
  })
})
