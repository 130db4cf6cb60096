import { type BrokerStore, memoryStore, OsbError } from 'osb-server'
import { expect, it, vi } from 'vitest'
import { deaf, gate, incomplete, testBroker } from '../support/test-broker.js'

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const quick = { leaseMs: 1_000, heartbeatMs: 100 }

/** A memory store with other methods of a test. */
function storeWith(change: (store: BrokerStore) => Partial<BrokerStore>): BrokerStore {
  const store = memoryStore()
  return { ...store, ...change(store) }
}

it('LOI-28: who joined in another process with 202 finds the 4xx of the first answer by polling', async () => {
  const store = memoryStore()
  const held = gate()
  const first = testBroker(
    {
      provision: async () => {
        await held.passed
        throw OsbError.unprocessable('no room')
      },
    },
    { store },
  )
  const other = testBroker({}, { store })
  const waiting = first.provision('i')
  await after(5)
  const joined = await other.provision('i', {}, incomplete)
  expect(joined.status).toBe(202)
  held.open()
  expect((await waiting).status).toBe(422)
  const poll = await other.poll('i', joined.body.operation)
  expect(poll).toMatchObject({ status: 200, body: { state: 'failed', description: 'no room' } })
})

it('a new operation that begins while the end of the last one is still being confirmed is not forgotten', async () => {
  let slow = false
  const signals: AbortSignal[] = []
  const store = storeWith((memory) => ({
    async write(write) {
      const written = await memory.write(write)
      if (slow && write.lease === 'release') await after(40)
      return written
    },
  }))
  const { broker, provision, update, poll } = testBroker(
    {
      update: ({ signal }) => {
        signals.push(signal)
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      },
    },
    { store },
  )
  slow = true
  const first = provision('i')
  await expect.poll(async () => (await poll('i')).body['state'], { interval: 2 }).toBe('succeeded')
  expect((await update('i', { parameters: { size: 1 } }, incomplete)).status).toBe(202)
  await first
  await broker.close()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

it('a 4xx of a function whose lease was lost is not the answer, since another process goes on', async () => {
  const store = memoryStore()
  const slow = testBroker(
    {
      provision: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(OsbError.unprocessable('interrupted')))
        }),
    },
    { store: deaf(store), leaseMs: 600, heartbeatMs: 100 },
  )
  const waiting = slow.provision('i')
  await after(20)
  testBroker({}, { store, ...quick })
  expect((await waiting).status).toBe(503)
})

it.each(['read', 'write', 'renewLease', 'claimLapsed', 'releaseLease'] as const)(
  'a store whose %s fails for a while leaves nothing in progress for ever',
  async (method) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    let broken = false
    const store = storeWith((memory) => ({
      [method]: async (...values: never[]) => {
        if (broken) throw new Error('store down')
        return (memory[method] as (...all: never[]) => unknown)(...values)
      },
    }))
    const { provision, pollToEnd, update } = testBroker(
      {
        provision: async () => {
          await after(120)
          return { state: { host: 'h' } }
        },
      },
      { store, ...quick },
    )
    expect((await provision('i', {}, incomplete)).status).toBe(202)
    broken = true
    await after(200)
    broken = false
    expect((await pollToEnd('i')).body['state']).toBe('succeeded')
    expect((await update('i', { parameters: { size: 1 } })).status).toBe(200)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  },
)

it('a write that took effect though it was reported as failed is taken over', async () => {
  let broken = true
  const store = storeWith((memory) => ({
    async write(write) {
      const written = await memory.write(write)
      if (broken && typeof write.lease === 'object') throw new Error('connection lost')
      return written
    },
  }))
  const { provision, pollToEnd } = testBroker({}, { store, ...quick })
  expect((await provision('i')).status).toBe(500)
  broken = false
  expect((await pollToEnd('i')).body['state']).toBe('succeeded')
})

it.each([
  ['before it takes effect', false],
  ['after it has taken effect', true],
])('an end whose write fails %s is written again instead of being left to a takeover', async (_when, late) => {
  let faults = 0
  const store = storeWith((memory) => ({
    async write(write) {
      const fails = write.lease === 'release' && faults++ < 2
      if (fails && !late) throw new Error('connection lost')
      const written = await memory.write(write)
      if (fails) throw new Error('connection lost')
      return written
    },
  }))
  let calls = 0
  const provision = async () => {
    calls++
    return { state: { host: 'h' } }
  }
  const made = testBroker({ provision }, { store, leaseMs: 60_000 })
  expect((await made.provision('i')).status).toBe(201)
  expect(await made.bind('i', 'b')).toMatchObject({ status: 201, body: { credentials: { host: 'h' } } })
  expect(calls).toBe(1)
})

it('functions never overlap when a process takes over from itself after its function outlived the lease', async () => {
  let renewing = true
  const memory = memoryStore()
  const store: BrokerStore = {
    ...memory,
    renewLease: async (...values) => {
      if (!renewing) throw new Error('store down')
      return memory.renewLease(...values)
    },
  }
  let running = 0
  let most = 0
  const work = (ms: number) => async () => {
    most = Math.max(most, ++running)
    await after(ms)
    running--
    return { state: { host: 'h' } }
  }
  const works = [work(760), work(400)]
  const first = testBroker({ provision: () => (works.shift() ?? work(0))() }, { store, leaseMs: 400, heartbeatMs: 100 })
  await first.provision('i', {}, incomplete)
  renewing = false
  await after(600) // lapsed at 400 and claimed by the same process until 800, whose function goes on until 760
  renewing = true
  testBroker({ provision: work(10) }, { store: memory, leaseMs: 400, heartbeatMs: 10 })
  expect((await first.pollToEnd('i')).body['state']).toBe('succeeded')
  expect(most).toBe(1)
})

it('two hundred binds of one instance at once are all done', async () => {
  const { provision, bind } = testBroker()
  await provision('i')
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => bind('i', `b${index}`)))
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([201])
})
