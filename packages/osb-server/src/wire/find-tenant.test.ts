import { describe, expect, it } from 'vitest'
import { findTenant } from './find-tenant.js'

describe('the tenant of a path', () => {
  it.each([
    ['/v2/catalog', undefined, undefined, undefined],
    ['/acme/v2/catalog', undefined, 'acme', '/acme'],
    ['/broker/acme/v2/catalog?x=/other/v2/', undefined, 'acme', '/broker/acme'],
    ['http://host/acme/v2/catalog', undefined, 'acme', '/acme'],
    ['/acme/v2/service_instances/v2/v2/x', undefined, 'acme', '/acme'],
    ['/a%2Fb%20c/v2/catalog', undefined, 'a/b c', '/a%2Fb%20c'],
    ['//v2/catalog', undefined, '', '/'],
    ['/%zz/v2/catalog', undefined, '', '/%zz'],
    [`/${'x'.repeat(257)}/v2/catalog`, undefined, '', `/${'x'.repeat(257)}`],
    ['/acme', undefined, undefined, undefined],
    ['', undefined, undefined, undefined],
    ['/broker/v2/catalog', '/broker', undefined, '/broker'],
    ['/broker/acme/v2/catalog', '/broker', 'acme', '/broker/acme'],
    ['/broker/a/b/v2/catalog', '/broker', undefined, '/broker'],
    ['/broker/v2/v2/catalog', '/broker', undefined, '/broker'],
    ['/broker/acme', '/broker', undefined, '/broker'],
    ['/elsewhere/acme/v2/catalog', '/broker', undefined, '/broker'],
    ['/acme/v2/catalog', '', 'acme', '/acme'],
    ['/v2/catalog', '', undefined, ''],
  ])('%j below %j is %j', (target, basePath, tenant, newBase) => {
    expect(findTenant(target, basePath)).toEqual({ tenant, basePath: newBase })
  })
})
