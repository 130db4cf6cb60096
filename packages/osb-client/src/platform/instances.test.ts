import { describe, expect, it } from 'vitest'
import { openTestPlatform, platformWithBroker, testBroker, testCatalog } from '../../test/support/open-test-platform.js'
import type { PlatformErrorCode } from './platform-error.js'

const order = { offering: 'collector', plan: 'normal', name: 'records' }
const failing = (code: PlatformErrorCode, text: string) => ({ code, message: expect.stringContaining(text) as string })
const bodyOf = (requests: readonly { readonly body: unknown }[]) => requests.at(-1)?.body

describe('brokers and access', () => {
  it('registers a broker with its catalog, and nobody may order from it yet', async () => {
    const { platform } = await platformWithBroker()
    await platform.disableAccess({ offering: 'collector' })
    expect(platform.state().brokers).toMatchObject([{ name: 'fake', catalog: testCatalog }])
    await expect(platform.createInstance(order)).rejects.toMatchObject(
      failing('NOT_FOUND', 'nobody has been given access to plan normal of collector'),
    )
  })

  it('gives access to one plan, and to one organization', async () => {
    const { platform } = await platformWithBroker()
    await platform.disableAccess({ offering: 'collector' })
    await platform.enableAccess({ offering: 'collector', plan: 'large', organization: 'local-org' })
    await platform.createInstance({ ...order, plan: 'large' })
    await platform.setTarget({ organization: 'other' })
    await expect(platform.createInstance({ ...order, plan: 'large' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(platform.enableAccess({ offering: 'collector', organization: 'nobody' })).rejects.toMatchObject(
      failing('NOT_FOUND', 'there is no organization nobody'),
    )
    await expect(platform.enableAccess({ offering: 'collector', plan: 'tiny' })).rejects.toMatchObject({
      next: 'It has: normal, large.',
    })
  })

  it('refuses a broker that is registered already, by its name or its address, and one that refuses the login', async () => {
    const { platform, broker } = await platformWithBroker()
    const login = { username: 'admin', password: 'broker-secret' }
    await expect(platform.createBroker({ name: 'fake', url: 'http://127.0.0.1:1', ...login })).rejects.toMatchObject(
      failing('EXISTS', 'a service broker fake is registered already'),
    )
    await expect(platform.createBroker({ name: 'x', url: broker.url, ...login })).rejects.toMatchObject(
      failing('EXISTS', `the broker at ${broker.url} is registered already, as fake`),
    )
    const other = await testBroker()
    const wrong = { name: 'x', url: other.url, username: 'admin', password: 'wrong' }
    await expect(platform.createBroker(wrong)).rejects.toMatchObject({ status: 401 })
    expect(platform.state().brokers).toHaveLength(1)
  })

  it('says which brokers have an offering of the same name', async () => {
    const { platform } = await platformWithBroker()
    const { url } = await testBroker()
    await platform.createBroker({ name: 'second', url, username: 'admin', password: 'broker-secret' })
    await platform.enableAccess({ offering: 'collector', broker: 'second' })
    await expect(platform.createInstance(order)).rejects.toMatchObject(failing('AMBIGUOUS', 'fake, second'))
    await expect(platform.enableAccess({ offering: 'collector' })).rejects.toMatchObject(failing('AMBIGUOUS', 'fake'))
    expect(await platform.createInstance({ ...order, broker: 'second' })).toMatchObject({ name: 'records' })
  })

  it('forgets a broker once it has no instances', async () => {
    const { platform } = await platformWithBroker()
    await platform.createInstance(order)
    await expect(platform.deleteBroker('fake')).rejects.toMatchObject(failing('IN_USE', 'records'))
    await platform.deleteInstance('records')
    await platform.deleteBroker('fake')
    await expect(platform.deleteBroker('fake')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('orders from a broker that is not registered, without keeping its password', async () => {
    const { url } = await testBroker()
    const unregistered = { url, login: { username: 'admin', password: 'broker-secret' } }
    const platform = openTestPlatform({ unregistered })
    await platform.readUnregistered()
    await platform.createInstance(order)
    expect(JSON.stringify(platform.state())).not.toContain('broker-secret')
    await platform.deleteInstance('records')
    expect(platform.state().brokers).toEqual([])
  })
})

describe('instances', () => {
  it('CFC-01: asks as Cloud Controller does', async () => {
    const { platform, broker } = await platformWithBroker()
    const { guid } = await platform.createInstance({ ...order, parameters: { size: 3 } })
    const { target, user } = platform.state()
    const provision = broker.requests.find(({ operation }) => operation === 'provision')
    expect(provision?.path).toBe(`/v2/service_instances/${guid}?accepts_incomplete=true`)
    expect(provision?.headers).toMatchObject({
      'x-broker-api-version': '2.15',
      'x-broker-api-originating-identity': `cloudfoundry ${btoa(JSON.stringify({ user_id: user.guid }))}`,
    })
    expect(provision?.body).toEqual({
      service_id: 'collector-id',
      plan_id: 'normal-id',
      ...target,
      parameters: { size: 3 },
      maintenance_info: { version: '1.0.0' },
      context: {
        platform: 'cloudfoundry',
        ...target,
        organization_name: 'local-org',
        space_name: 'local-space',
        instance_name: 'records',
        organization_annotations: {},
        space_annotations: {},
        instance_annotations: {},
      },
    })
  })

  it('K8C-01: asks as the service catalog of Kubernetes does', async () => {
    const { platform, broker } = await platformWithBroker({ profile: 'kubernetes' })
    await platform.createInstance(order)
    const { target, clusterid } = platform.state()
    const provision = broker.requests.find(({ operation }) => operation === 'provision')
    expect(provision?.headers).toMatchObject({ 'x-broker-api-version': '2.14' })
    expect(provision?.body).toMatchObject({
      organization_guid: clusterid,
      space_guid: target.space_guid,
      context: { platform: 'kubernetes', namespace: 'local-space', clusterid, instance_name: 'records' },
    })
    await platform.bind({ instance: 'records', app: 'shop' })
    expect(bodyOf(broker.requests)).toMatchObject({
      bind_resource: { app_guid: platform.state().apps[0]?.guid },
      context: { platform: 'kubernetes', namespace: 'local-space', clusterid },
    })
  })

  it('waits for an operation, and tells what the broker says', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'async', polls: 1 })
    const states: string[] = []
    const created = await platform.createInstance(order, { onProgress: ({ state }) => states.push(state) })
    expect(states).toEqual(['in progress', 'succeeded'])
    expect(created.last_operation).toMatchObject({ type: 'create', state: 'succeeded' })
    expect(created.last_operation).not.toHaveProperty('process')
  })

  it('does not wait where it is told not to, and sees later how far it is', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'async', polls: 1 })
    const state = () => platform.state().instances[0]?.last_operation.state
    await platform.createInstance(order, { wait: false })
    expect(state()).toBe('in progress')
    await expect(platform.bind({ instance: 'records', app: 'shop' })).rejects.toMatchObject({ code: 'IN_PROGRESS' })
    await platform.refresh()
    expect(state()).toBe('in progress')
    await platform.refresh()
    expect(state()).toBe('succeeded')
  })

  it('ORPH-01: deletes what a failed create left, and forgets it', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'error', status: 500, done: true })
    await expect(platform.createInstance(order)).rejects.toMatchObject({ status: 500 })
    expect(broker.requests.map(({ operation }) => operation)).toEqual(['catalog', 'provision', 'deprovision'])
    expect(platform.state().instances).toEqual([])
  })

  it('keeps an instance whose create has failed, as the broker has it, until it is deleted', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'async', polls: 0, end: 'failed' })
    await expect(platform.createInstance(order)).rejects.toMatchObject({ code: 'OPERATION_FAILED' })
    expect(platform.state().instances).toMatchObject([{ last_operation: { type: 'create', state: 'failed' } }])
    await expect(platform.bind({ instance: 'records', app: 'a' })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await platform.deleteInstance('records')
    expect(platform.state().instances).toEqual([])
  })

  it('refuses a name that is taken in the space, and takes it in another', async () => {
    const { platform } = await platformWithBroker()
    await platform.createInstance(order)
    await expect(platform.createInstance(order)).rejects.toMatchObject(failing('EXISTS', 'records is there already'))
    await platform.setTarget({ space: 'other' })
    await platform.createInstance(order)
    expect(platform.state().instances).toHaveLength(2)
    await expect(platform.deleteInstance('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('changes the plan, telling the broker what it was', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('update', { fault: 'async', polls: 0 })
    const updated = await platform.updateInstance('records', { plan: 'large', parameters: { size: 4 } })
    expect(updated).toMatchObject({ plan_id: 'large-id', plan_name: 'large', maintenance_info: null })
    const { target } = platform.state()
    const request = broker.requests.find(({ operation }) => operation === 'update')
    expect(request?.body).toMatchObject({
      plan_id: 'large-id',
      parameters: { size: 4 },
      previous_values: {
        plan_id: 'normal-id',
        service_id: 'collector-id',
        organization_id: target.organization_guid,
        space_id: target.space_guid,
        maintenance_info: { version: '1.0.0' },
      },
    })
  })

  it('keeps what an instance was when its update fails', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('update', { fault: 'error', status: 422, body: { description: 'too large' } })
    await expect(platform.updateInstance('records', { plan: 'large' })).rejects.toMatchObject({ status: 422 })
    expect(platform.state().instances).toMatchObject([
      { plan_id: 'normal-id', last_operation: { type: 'update', state: 'failed' } },
    ])
  })

  it('changes tags and names without the broker', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    const before = broker.requests.length
    await platform.updateInstance('records', { tags: ['a', 'b'] })
    await platform.renameInstance('records', 'renamed', {})
    expect(platform.state().instances).toMatchObject([{ name: 'renamed', tags: ['a', 'b'] }])
    expect(broker.requests).toHaveLength(before)
    await expect(platform.updateInstance('renamed', { plan: 'tiny' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells a new name to a broker that allows context updates', async () => {
    const [offering] = testCatalog.services as [(typeof testCatalog.services)[0]]
    const { platform, broker } = await platformWithBroker(
      {},
      { services: [{ ...offering, allow_context_updates: true }] },
    )
    await platform.createInstance(order)
    await platform.renameInstance('records', 'renamed')
    expect(platform.state().instances).toMatchObject([{ name: 'renamed' }])
    expect(bodyOf(broker.requests)).toMatchObject({ context: { instance_name: 'renamed' } })
  })

  it('MNT-02: upgrades to the maintenance version of the plan', async () => {
    const [offering] = testCatalog.services as [(typeof testCatalog.services)[0]]
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    await expect(platform.upgradeInstance('records')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    const [plan, ...others] = offering.plans as [(typeof offering.plans)[0]]
    const newer = { ...plan, maintenance_info: { version: '2.0.0' } }
    const second = await testBroker({ services: [{ ...offering, plans: [newer, ...others] }] })
    await platform.updateBroker({ name: 'fake', url: second.url })
    const put = {
      ...order,
      instance_id: platform.state().instances[0]?.guid,
      service_id: offering.id,
      plan_id: plan.id,
    }
    await fetch(`${second.url}/v2/service_instances/${put.instance_id}`, {
      method: 'PUT',
      headers: { authorization: `Basic ${btoa('admin:broker-secret')}`, 'x-broker-api-version': '2.17' },
      body: JSON.stringify({ service_id: offering.id, plan_id: plan.id }),
    })
    const upgraded = await platform.upgradeInstance('records')
    expect(upgraded.maintenance_info).toEqual({ version: '2.0.0' })
    expect(bodyOf(second.requests)).toMatchObject({ maintenance_info: { version: '2.0.0' }, plan_id: 'normal-id' })
    expect(broker.hasInstance(upgraded.guid)).toBe(true)
  })

  it('deletes an instance with its bindings first', async () => {
    const { platform, broker } = await platformWithBroker()
    const { guid } = await platform.createInstance(order)
    await platform.bind({ instance: 'records', app: 'shop' })
    await platform.bind({ instance: 'records', name: 'key' })
    broker.next('unbind', { fault: 'async', polls: 0, end: 'gone' })
    broker.next('deprovision', { fault: 'async', polls: 0, end: 'gone' })
    await platform.deleteInstance('records')
    expect(broker.hasInstance(guid)).toBe(false)
    expect(platform.state()).toMatchObject({ instances: [], bindings: [] })
  })

  it('keeps an instance whose delete failed', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('deprovision', { fault: 'error', status: 500 })
    await expect(platform.deleteInstance('records')).rejects.toMatchObject({ status: 500 })
    expect(platform.state().instances).toMatchObject([{ last_operation: { type: 'delete', state: 'failed' } }])
    await platform.deleteInstance('records')
  })

  it('purges instances and offerings without a word to the broker', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    await platform.createInstance({ ...order, name: 'second' })
    const before = broker.requests.length
    await platform.purgeInstance('second')
    expect(await platform.purgeOffering('collector')).toEqual(['records'])
    expect(broker.requests).toHaveLength(before)
    expect(platform.state()).toMatchObject({ instances: [], brokers: [{ catalog: { services: [] }, access: {} }] })
    await expect(platform.purgeOffering('collector')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
