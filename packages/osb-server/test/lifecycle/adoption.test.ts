import { adoptInstance } from 'osb-server'
import { expect, it, vi } from 'vitest'
import { testBroker } from '../support/test-broker.js'

const lost = { instance_id: 'i', service_id: 'service', plan_id: 'plan-small', state: { host: 'host-of-old' } }
const place = { organization_guid: 'org', space_guid: 'space' }

it('an instance that was adopted is one like any other', async () => {
  const deprovision = vi.fn(async () => {})
  const { store, send, provision, bind, update, deprovision: remove } = testBroker({ deprovision })
  expect(await adoptInstance(store, { ...lost, ...place, maintenance_info: { version: '1.0.0' } })).toBe(true)
  expect(await send('GET', '/v2/service_instances/i')).toMatchObject({
    status: 200,
    body: { service_id: 'service', plan_id: 'plan-small', maintenance_info: { version: '1.0.0' } },
  })
  expect(await bind('i', 'b')).toMatchObject({ status: 201, body: { credentials: { host: 'host-of-old' } } })
  expect((await provision('i')).status, 'a repeat of what had made it').toBe(200)
  expect((await update('i', { parameters: { size: 2 } })).status).toBe(200)
  expect((await remove('i')).status).toBe(200)
  expect(deprovision).toHaveBeenCalledTimes(1)
})

it('what is on record stays as it is, also as deleted', async () => {
  const { store, provision, bind, deprovision } = testBroker()
  await provision('i')
  expect(await adoptInstance(store, lost)).toBe(false)
  expect(await bind('i', 'b')).toMatchObject({ body: { credentials: { host: 'host-of-i' } } })
  await deprovision('i')
  expect(await adoptInstance(store, lost)).toBe(false)
  expect((await bind('i', 'b')).status).not.toBe(201)
})

it('a repeat of the provision of an adopted instance that names another place is a conflict', async () => {
  const { store, provision } = testBroker()
  await adoptInstance(store, lost)
  expect((await provision('i')).status).toBe(409)
})

it('keeps a copy of the state, and belongs to its tenant', async () => {
  const { store } = testBroker()
  const state = { host: 'h' }
  await adoptInstance(store, { ...lost, tenant: 't', state })
  state.host = 'changed'
  expect((await store.read({ tenant: 't', instance_id: 'i' })).instance?.secrets.state).toEqual({ host: 'h' })
  expect((await store.read({ tenant: '', instance_id: 'i' })).instance).toBeUndefined()
})
