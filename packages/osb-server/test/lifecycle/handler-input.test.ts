import { memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { incomplete, testBroker } from '../support/test-broker.js'

/** Overwrites every object in what a handler is given. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof AbortSignal) return
  for (const member of Object.values(value)) spoil(member)
  Object.assign(value, { spoiled: true })
}

it('authors may change all that they are given, and nothing of it is stored', async () => {
  const store = memoryStore()
  const { provision, update, bind, unbind, deprovision } = testBroker(
    {
      provision: async (input) => {
        spoil(input)
        return { state: { host: 'a' } }
      },
      update: async (input) => spoil(input),
      bind: async (input) => {
        spoil(input)
        return { credentials: { user: 'u' }, state: { role: 'r' } }
      },
      unbind: async (input) => spoil(input),
      deprovision: async (input) => spoil(input),
    },
    { store },
  )
  const stored = async () => JSON.stringify((await store.list()).records)
  const context = { platform: 'test', labels: { a: 'b' } }
  const statuses = [await provision('i', { parameters: { size: 1 }, context })]
  statuses.push(await update('i', { parameters: { size: 2 }, context }))
  statuses.push(await bind('i', 'b', { context, bind_resource: { app_guid: 'app' } }))
  expect(await stored()).not.toContain('spoiled')
  statuses.push(await unbind('i', 'b'))
  expect(await stored()).not.toContain('spoiled')
  statuses.push(await deprovision('i'))
  expect(statuses.map(({ status }) => status)).toEqual([201, 200, 201, 200, 200])
})

it('a signal that is first asked for after the operation was halted has aborted, also that of a copy', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const seen: unknown[] = []
  const { provision, deprovision, pollToEnd } = testBroker(
    {
      provision: async (input) => {
        await gate
        const copy = { ...input }
        seen.push(copy.signal === input.signal, (input.signal.reason as { why?: string }).why)
        return { state: { host: 'a' } }
      },
    },
    { syncWindowMs: 0 },
  )
  expect((await provision('i', {}, incomplete)).status).toBe(202)
  const { status, body } = await deprovision('i', incomplete)
  expect(status).toBe(202)
  open()
  await pollToEnd('i', body.operation)
  expect(seen).toEqual([true, 'overtaken'])
})
