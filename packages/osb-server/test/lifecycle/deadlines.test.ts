import { memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { deaf, incomplete, testBroker } from '../support/test-broker.js'

it('POL-02: an operation that is taken over after its deadline has failed, and is not begun again', async () => {
  const store = memoryStore()
  const dead = testBroker(
    { provision: () => new Promise(() => {}) },
    { store: deaf(store), leaseMs: 600, heartbeatMs: 100 },
  )
  // The plan's maximum_polling_duration is a second.
  const { body } = await dead.provision('i', { plan_id: 'plan-large' }, incomplete)
  await dead.broker.close()
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const calls: string[] = []
  const successor = testBroker(
    {
      provision: async () => {
        calls.push('provision')
        return { state: { host: 'h' } }
      },
    },
    { store, leaseMs: 1_000, heartbeatMs: 100 },
  )
  expect((await successor.pollToEnd('i', body.operation)).body['state']).toBe('failed')
  expect(calls).toEqual([])
})
