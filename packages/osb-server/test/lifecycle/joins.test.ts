import { memoryStore, OsbError } from 'osb-server'
import { expect, it } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

it.each(['the same process', 'another process'])(
  'a repeat that has waited too long for what runs in %s is answered 500 and no 4xx, so that the platform cleans up',
  async (where) => {
    const store = memoryStore()
    const held = gate<{ state: { host: string } }>()
    const options = { store, syncTimeoutMs: 100 }
    const first = testBroker({ provision: () => held.passed }, options)
    const other = where === 'another process' ? testBroker({}, options) : first
    expect((await first.provision('i', {}, incomplete)).status).toBe(202)
    expect(await other.provision('i')).toMatchObject({ status: 500, body: { error: 'InternalError' } })
    held.open({ state: { host: 'h' } })
    expect((await first.pollToEnd('i')).body['state']).toBe('succeeded')
  },
)

it('a repeat that waits in another process for a create that a delete ends is answered 500', async () => {
  const store = memoryStore()
  const deleting = gate()
  const first = testBroker(
    {
      provision: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
      deprovision: () => deleting.passed,
    },
    { store },
  )
  const other = testBroker({}, { store })
  await first.provision('i', {}, incomplete)
  const joined = other.provision('i')
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { body } = await first.deprovision('i', incomplete)
  expect((await joined).status).toBe(500)
  deleting.open()
  expect((await first.pollToEnd('i', body.operation)).body['state']).toBe('succeeded')
})

it.each(['the same process', 'another process'])(
  'a repeat that waits in %s for a create that refuses after it was told to end is answered 500, as something may be left',
  async (where) => {
    const store = memoryStore()
    const first = testBroker(
      {
        provision: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(OsbError.unprocessable('too late')))
          }),
      },
      { store },
    )
    const other = where === 'another process' ? testBroker({}, { store }) : first
    // Its polling duration ends after a second.
    const large = { plan_id: 'plan-large' }
    expect((await first.provision('i', large, incomplete)).status).toBe(202)
    expect(await other.provision('i', large)).toMatchObject({ status: 500, body: { error: 'InternalError' } })
    expect((await first.poll('i')).body).toMatchObject({ state: 'failed', description: 'too late' })
  },
)
