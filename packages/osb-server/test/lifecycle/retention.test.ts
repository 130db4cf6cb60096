import { expect, it } from 'vitest'
import { incomplete, testBroker } from '../support/test-broker.js'

it('A4, A24: polls of an ended delete are succeeded for the retention time, then 410', async () => {
  const { provision, deprovision, poll, store } = testBroker(
    { deprovision: () => new Promise((resolve) => setTimeout(resolve, 50)) },
    { retentionMs: 1_000 },
  )
  await provision('i')
  const { body } = await deprovision('i', incomplete)
  await expect.poll(async () => (await poll('i', body.operation)).body).toEqual({ state: 'succeeded' })
  await expect.poll(async () => (await poll('i', body.operation)).status, { timeout: 10_000 }).toBe(410)
  expect((await store.list()).records).toEqual([])
})

it.each([
  ['leaseMs', 0],
  ['heartbeatMs', 20_000],
  ['syncTimeoutMs', Number.NaN],
  ['maximumRunningOperations', 0],
  ['retentionMs', -1],
] as const)('%s cannot be %d', (name, value) => {
  expect(() => testBroker({}, { [name]: value })).toThrow(new RegExp(`createBroker: ${name} must be a number from`))
})
