import { describe, expect, it } from 'vitest'
import {
  cloudFoundryBindContext,
  cloudFoundryContext,
  cloudFoundryIdentity,
  kubernetesBindContext,
  kubernetesContext,
  kubernetesIdentity,
} from '../index.js'

const cf = {
  organization_guid: 'o',
  organization_name: 'org',
  space_guid: 's',
  space_name: 'space',
  instance_name: 'db',
}
const { instance_name: _none, ...cfBind } = cf
const k8s = { namespace: 'n', clusterid: 'c', instance_name: 'db' }
const user = { username: 'jo', uid: '7', groups: ['admins'], extra: { scopes: ['a'] } }
const wrong = (make: (given: never) => unknown, given: object) => () => make(given as never)

describe('Cloud Foundry', () => {
  it('CTX-05, CTX-01, OID-08: has its own platform, its properties, and whatever is added', () => {
    const own = { ...cf, 'example.com/own': 1 }
    expect(cloudFoundryContext(own)).toEqual({ platform: 'cloudfoundry', ...own })
    expect(cloudFoundryBindContext(cfBind)).toEqual({ platform: 'cloudfoundry', ...cfBind })
  })

  it.each([
    ['CFC-01', 'organization_guid'],
    ['CFC-02', 'organization_name'],
    ['CFC-04', 'space_guid'],
    ['CFC-05', 'space_name'],
    ['CFC-07', 'instance_name'],
  ])('%s: refuses a context without %s', (_rule, name) => {
    expect(wrong(cloudFoundryContext, { ...cf, [name]: undefined })).toThrow(
      `the context needs ${name}, a non-empty text`,
    )
    expect(wrong(cloudFoundryContext, { ...cf, [name]: '' })).toThrow(TypeError)
    if (name === 'instance_name') expect(wrong(cloudFoundryBindContext, cf)).toThrow('must not have instance_name')
    else expect(wrong(cloudFoundryBindContext, { ...cfBind, [name]: undefined })).toThrow(TypeError)
  })

  it.each([
    ['CFC-03', 'organization_annotations'],
    ['CFC-06', 'space_annotations'],
    ['CFC-08', 'instance_annotations'],
  ])('%s: %s is an object where it is there', (_rule, name) => {
    expect(cloudFoundryContext({ ...cf, [name]: {} })).toHaveProperty(name)
    for (const value of ['a', [], null, 1])
      expect(wrong(cloudFoundryContext, { ...cf, [name]: value })).toThrow(`${name} must be an object`)
  })

  it('OIDP-01, OIDP-02: names a user by user_id, and more', () => {
    const identity = { platform: 'cloudfoundry', value: { user_id: 'u', email: 'e' } }
    expect(cloudFoundryIdentity({ user_id: 'u', email: 'e' })).toEqual(identity)
    expect(wrong(cloudFoundryIdentity, { email: 'e' })).toThrow('the identity needs user_id')
  })
})

describe('Kubernetes', () => {
  it('CTX-05, CTX-01, OID-08: has its own platform, its properties, and whatever is added', () => {
    expect(kubernetesContext({ ...k8s, own: 1 })).toEqual({ platform: 'kubernetes', ...k8s, own: 1 })
    expect(kubernetesBindContext({ namespace: 'n', clusterid: 'c' })).toMatchObject({ platform: 'kubernetes' })
  })

  it.each([
    ['K8C-01', 'namespace'],
    ['K8C-04', 'clusterid'],
    ['K8C-05', 'instance_name'],
  ])('%s: refuses a context without %s', (_rule, name) => {
    expect(wrong(kubernetesContext, { ...k8s, [name]: undefined })).toThrow(`the context needs ${name}`)
    if (name === 'instance_name') expect(wrong(kubernetesBindContext, k8s)).toThrow('must not have instance_name')
  })

  it.each([
    ['K8C-02', 'namespace_annotations'],
    ['K8C-03', 'instance_annotations'],
  ])('%s: %s is an object where it is there', (_rule, name) => {
    expect(kubernetesContext({ ...k8s, [name]: {} })).toHaveProperty(name)
    expect(wrong(kubernetesContext, { ...k8s, [name]: [] })).toThrow(`${name} must be an object`)
  })

  it('OIDP-03, OIDP-04: names a user as Kubernetes knows one, and more', () => {
    expect(kubernetesIdentity({ ...user, own: 1 })).toEqual({ platform: 'kubernetes', value: { ...user, own: 1 } })
    for (const [name, value] of Object.entries({ username: 7, uid: '', groups: 'admins', extra: { a: 'b' } }))
      expect(wrong(kubernetesIdentity, { ...user, [name]: value })).toThrow(`the identity needs ${name}`)
    expect(wrong(kubernetesIdentity, { ...user, groups: [1] })).toThrow(TypeError)
    expect(wrong(kubernetesIdentity, { ...user, extra: [] })).toThrow(TypeError)
  })
})
