import { setTimeout as sleep } from 'node:timers/promises'
import { isBrokerResponseError } from 'osb-client'
import { expect } from 'vitest'
import { newOrder } from '../../scripts/demo/scenario.js'
import { startDemoBroker } from '../../scripts/demo/surroundings.js'

/**
 * Kills the broker some milliseconds after a provision was accepted, starts it again, and expects that the instance ends
 * as `succeeded` or `failed` and that the engine has nothing but what the broker knows.
 */
export async function killDuringProvision(
  engine: 'docker' | 'embedded',
  afterMs: readonly number[],
): Promise<string[]> {
  const signal = AbortSignal.timeout(240_000)
  const ids: string[] = []
  const ends: string[] = []
  const broker = await startDemoBroker({ engine }, signal)
  try {
    const { client } = broker
    const found = await client.catalog({}, { signal })
    if (found.outcome !== 'found') throw new Error('the broker sent no catalog')
    for (const delayMs of afterMs) {
      const { instance_id, service_id, plan_id, organization_guid, space_guid } = newOrder(
        found.body,
        'collector',
        'normal',
      )
      ids.push(instance_id)
      const call = { instance_id, service_id, plan_id, organization_guid, space_guid, accepts_incomplete: true }
      const accepted = await client.provision(call, { signal })
      expect(accepted.outcome).toBe('accepted')
      await sleep(delayMs)
      await broker.restart('SIGKILL')
      const state = await pollToEnd(instance_id)
      ends.push(state)
      const exists = await client.fetchInstance({ instance_id }, { signal }).then(
        () => true,
        (error: unknown) => !(isBrokerResponseError(error) && error.status === 404),
      )
      expect(exists).toBe(state === 'succeeded')
      await client.deprovisionAndWait({ instance_id, service_id, plan_id }, { signal, startIntervalMs: 100 })
      expect(await broker.leftovers(instance_id)).toEqual([])
    }
    return ends

    async function pollToEnd(instance_id: string): Promise<string> {
      for (;;) {
        const polled = await client.lastInstanceOperation({ instance_id }, { signal })
        if (polled.outcome === 'found' && polled.body.state !== 'in progress') return polled.body.state
        await sleep(100, undefined, { signal })
      }
    }
  } finally {
    await broker.cleanUp(ids)
  }
}
