import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const poll = (state: string, description?: string) => ({ status: 200, body: { state, description } })

function scripted(...answers: Scripted[]) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, clock })
  return { client, clock, seen }
}

describe('watchOperation', () => {
  it('LOI-18, LOI-19: gives every valid answer until the operation has succeeded', async () => {
    const answers = [poll('in progress', '10 %'), { status: 503 }, poll('in progress', '90 %'), poll('succeeded')]
    const { client } = scripted({ status: 202, body: { operation: 'o' } }, ...answers)
    const accepted = await client.provision({ ...instance, accepts_incomplete: true })
    const told: unknown[] = []
    if (accepted.outcome === 'accepted')
      for await (const { state, description } of client.watchOperation({
        ...instance,
        operation: 'provision',
        accepted,
      }))
        told.push([state, description])
    expect(told).toEqual([
      ['in progress', '10 %'],
      ['in progress', '90 %'],
      ['succeeded', undefined],
    ])
  })

  it('throws where the operation failed, after giving that answer too', async () => {
    const { client } = scripted(poll('failed', 'no space'))
    const told: string[] = []
    const watched = async (): Promise<void> => {
      for await (const { state } of client.watchOperation({ ...instance, operation: 'deprovision' })) told.push(state)
    }
    await expect(watched()).rejects.toMatchObject({ code: 'OPERATION_FAILED', orphanMitigation: 'instance' })
    expect(told).toEqual(['failed'])
  })

  it('LOB-15: ends without an answer when a delete left nothing to ask about', async () => {
    const { client } = scripted({ status: 410 })
    const told: unknown[] = []
    for await (const each of client.watchOperation({ ...instance, binding_id: 'b', operation: 'unbind' }))
      told.push(each)
    expect(told).toEqual([])
  })

  it('asks no more once the loop is left', async () => {
    const { client, seen } = scripted(poll('in progress'), poll('in progress'))
    for await (const _first of client.watchOperation({ ...instance, operation: 'update' })) break
    expect(seen).toHaveLength(1)
  })

  it('POL-01, POL-03, POL-04: the shorter of the limits of client and plan counts', async () => {
    const inProgress = Array<Scripted>(60).fill(poll('in progress'))
    const limited = async (maximum_polling_duration: number, maximumPollingMs: number): Promise<number> => {
      const { client, clock } = scripted(...inProgress)
      const limits = { maximum_polling_duration, maximumPollingMs }
      const waited = client.awaitOperation({ ...instance, operation: 'update' }, limits)
      await expect(waited).rejects.toMatchObject({ reason: 'out-of-time', orphanMitigation: 'none' })
      return clock.now()
    }
    expect(await limited(30, 60_000)).toBe(30_000)
    expect(await limited(90, 60_000)).toBe(60_000)
    expect(await limited(0, 60_000)).toBe(60_000)
  })
})
