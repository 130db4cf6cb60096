import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'

const plan = { id: 'p', name: 'small', description: 'small', maximum_polling_duration: 5 }
const offering = { id: 's', name: 'db', description: 'db', bindable: true, plans: [plan] }
const first = { status: 200, body: { services: [offering] }, headers: { ETag: '"one"' } }
const second = { status: 200, body: { services: [] }, headers: { ETag: '"two"' } }
const unchanged = { status: 304, body: '' }
const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }

function scripted(...answers: Scripted[]) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, clock, retries: 0 })
  return { client, clock, seen, etags: () => seen.map(({ headers }) => headers['If-None-Match']) }
}

describe('cachedCatalog', () => {
  it('CAT-10: asks whether the copy is still right, and takes it when nothing has changed', async () => {
    const { client, etags } = scripted(first, unchanged, second)
    const copy = await client.cachedCatalog()
    expect(copy).toEqual(first.body)
    expect(await client.cachedCatalog()).toBe(copy)
    expect(await client.cachedCatalog()).toEqual(second.body)
    expect(etags()).toEqual([undefined, '"one"', '"one"'])
  })

  it('CAT-01: asks again only when the copy is older than it may be', async () => {
    const { client, clock, seen } = scripted(first, unchanged, second)
    const maxAgeMs = 60_000
    await client.cachedCatalog({ maxAgeMs })
    await clock.sleep(59_999, undefined)
    await client.cachedCatalog({ maxAgeMs })
    expect(seen).toHaveLength(1)
    await clock.sleep(1, undefined)
    await client.cachedCatalog({ maxAgeMs })
    await clock.sleep(59_999, undefined)
    await client.cachedCatalog({ maxAgeMs })
    expect(seen).toHaveLength(2)
  })

  it('reads the whole again from a broker that gives no ETag', async () => {
    const { client, etags } = scripted({ status: 200, body: first.body }, second)
    await client.cachedCatalog()
    expect(await client.cachedCatalog()).toEqual(second.body)
    expect(etags()).toEqual([undefined, undefined])
  })

  it('shares one request between calls at the same time, and an abort ends one wait only', async () => {
    const { client, seen } = scripted(first)
    const controller = new AbortController()
    const left = client.cachedCatalog({ signal: controller.signal })
    const stayed = client.cachedCatalog()
    controller.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    expect(await stayed).toEqual(first.body)
    expect(seen).toHaveLength(1)
  })

  it('keeps the copy through a failed reading, and does not call it fresh', async () => {
    const { client, etags } = scripted(first, { status: 500 }, unchanged)
    await client.cachedCatalog()
    await expect(client.cachedCatalog()).rejects.toMatchObject({ status: 500 })
    expect(await client.cachedCatalog({ maxAgeMs: 60_000 })).toEqual(first.body)
    expect(etags()).toEqual([undefined, '"one"', '"one"'])
  })

  it('ERR-12: asks again after a MaintenanceInfoConflict, however young the copy is', async () => {
    const conflict = { status: 422, body: { error: 'MaintenanceInfoConflict' } }
    const { client, seen } = scripted(first, conflict, unchanged)
    await client.cachedCatalog()
    await expect(client.provision(instance)).rejects.toMatchObject({ status: 422 })
    await client.cachedCatalog({ maxAgeMs: 60_000 })
    await client.cachedCatalog({ maxAgeMs: 60_000 })
    expect(seen).toHaveLength(3)
  })

  it('CAT-40, POL-03: waits no longer than the plan of the copy says', async () => {
    const inProgress = { status: 200, body: { state: 'in progress' } }
    const { client, clock } = scripted(first, { status: 202 }, ...Array<Scripted>(9).fill(inProgress))
    await client.cachedCatalog()
    await expect(client.provisionAndWait(instance)).rejects.toMatchObject({ reason: 'out-of-time' })
    expect(clock.now()).toBe(5000)
  })
})
