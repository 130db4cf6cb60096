import { type BrokerStore, memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { deaf, gate, incomplete, testBroker } from '../support/test-broker.js'

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const quick = { leaseMs: 1_000, heartbeatMs: 100 }
const idle = { leaseMs: 60_000, heartbeatMs: 20_000 }

const untilAborted = ({ signal }: { readonly signal: AbortSignal }) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

it('a takeover that is under way when the broker closes begins no function after it', async () => {
  const memory = memoryStore()
  const dead = testBroker(
    { provision: () => new Promise(() => {}) },
    { store: deaf(memory), leaseMs: 3, heartbeatMs: 1 },
  )
  await dead.provision('i', {}, incomplete)
  const held = gate()
  let claimed = false
  const store: BrokerStore = {
    ...memory,
    async claimLapsed(...values) {
      const records = await memory.claimLapsed(...values)
      claimed ||= records.length > 0
      return records
    },
    async renewLease(...values) {
      if (claimed) await held.passed
      return memory.renewLease(...values)
    },
  }
  let begun = 0
  const leaving = testBroker(
    {
      provision: () => {
        begun++
        return new Promise(() => {})
      },
    },
    { store, ...idle },
  )
  await expect.poll(() => claimed).toBe(true)
  const closing = leaving.broker.close()
  await after(100)
  held.open()
  await closing
  await after(20)
  expect(begun).toBe(0)
  const next = testBroker({}, { store: memory, ...quick })
  expect((await next.pollToEnd('i')).body['state']).toBe('succeeded')
})

it('a call that is let in just before the broker closes begins no function after the drain', async () => {
  const memory = memoryStore()
  const held = gate()
  const store: BrokerStore = {
    ...memory,
    async read(key) {
      await held.passed
      return memory.read(key)
    },
  }
  let begun = 0
  const { broker, provision } = testBroker(
    {
      provision: async () => {
        begun++
        return { state: { host: 'h' } }
      },
    },
    { store, ...idle },
  )
  const waiting = provision('i')
  await after(5)
  const closing = broker.close()
  await after(150) // the drain of 50 ms is over
  held.open()
  expect((await waiting).status).toBe(503)
  await closing
  expect(begun).toBe(0)
})

it('a delete that overtook is not begun once the broker has halted its work, but by the next process', async () => {
  const store = memoryStore()
  const calls: string[] = []
  const leaving = testBroker(
    {
      provision: async ({ signal }) => {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await after(150)
        return { state: { host: 'made' } }
      },
      deprovision: async () => {
        calls.push('leaving')
      },
    },
    { store, ...idle },
  )
  await leaving.provision('i', {}, incomplete)
  const { body } = await leaving.deprovision('i', incomplete)
  await leaving.broker.close()
  const next = testBroker(
    {
      deprovision: async ({ instance }) => {
        calls.push(`next ${instance.state?.host}`)
      },
    },
    { store, ...quick },
  )
  expect((await next.pollToEnd('i', body.operation)).body['state']).toBe('succeeded')
  expect(calls).toEqual(['next made'])
})

it('what waits for room to run is left to the next process, too', async () => {
  const store = memoryStore()
  const leaving = testBroker({ provision: untilAborted }, { store, ...idle, maximumRunningOperations: 1 })
  await leaving.provision('a', {}, incomplete)
  await leaving.provision('b', {}, incomplete)
  await leaving.broker.close()
  const next = testBroker({}, { store, ...quick })
  expect((await next.pollToEnd('a')).body['state']).toBe('succeeded')
  expect((await next.pollToEnd('b')).body['state']).toBe('succeeded')
})

it('close ends although a function heeds no signal and a call waits for it', async () => {
  const { broker, provision } = testBroker({ provision: () => new Promise(() => {}) })
  const waiting = provision('i')
  await after(5)
  const startedAt = performance.now()
  await broker.close()
  expect(performance.now() - startedAt).toBeLessThan(4_000)
  expect((await waiting).status).toBe(503)
})

it('close ends although a call waits for an operation of another process', async () => {
  const store = memoryStore()
  const other = testBroker({ provision: () => new Promise(() => {}) }, { store, ...idle })
  await other.provision('i', {}, incomplete)
  const { broker, provision } = testBroker({}, { store, ...idle })
  const waiting = provision('i')
  await after(5)
  await broker.close()
  expect((await waiting).status).toBe(503)
}, 4_000)

it('close ends although the store does not answer a look for work', async () => {
  const store = { ...memoryStore(), claimLapsed: () => new Promise<never>(() => {}) }
  const { broker } = testBroker({}, { store })
  await broker.close()
}, 4_000)
