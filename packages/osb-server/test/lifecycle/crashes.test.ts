import { type BrokerStore, memoryStore } from 'osb-server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { deaf, type Handlers, incomplete, type Properties, testBroker } from '../support/test-broker.js'

const quick = { leaseMs: 600, heartbeatMs: 100 }
const forEver = () => new Promise<never>(() => {})

/** The store of a process that takes one operation over, and dies when its function has begun. */
function mortal(store: BrokerStore): BrokerStore {
  let claimed = false
  let renewed = false
  return {
    ...store,
    async claimLapsed(...values) {
      const records = claimed ? [] : await store.claimLapsed(...values)
      claimed ||= records.length > 0
      return records
    },
    renewLease(...values) {
      const isFirst = !renewed
      renewed = true
      return isFirst ? store.renewLease(...values) : forEver()
    },
  }
}

/** Begins an operation in a process that dies at once; resolves with its `operation`. */
async function crashed(
  store: BrokerStore,
  handlers: Handlers,
  call: 'provision' | 'update' | 'deprovision',
): Promise<string | undefined> {
  const dead = testBroker(handlers, { store: deaf(store), leaseMs: 200, heartbeatMs: 50 })
  if (call !== 'provision') await dead.provision('i')
  const { body, status } =
    call === 'deprovision'
      ? await dead.deprovision('i', incomplete)
      : await dead[call]('i', call === 'update' ? { parameters: { size: 1 } } : {}, incomplete)
  expect(status).toBe(202)
  return body.operation
}

describe("onCrash: 'fail'", () => {
  const properties: Properties = { onCrash: 'fail' }

  it('fails the operation of a process that has died instead of calling the function again', async () => {
    const store = memoryStore()
    const operation = await crashed(store, { provision: forEver }, 'provision')
    const errors: unknown[] = []
    let calls = 0
    const provision = async () => {
      calls++
      return { state: { host: 'h' } }
    }
    const onError = (error: unknown) => errors.push(error)
    const successor = testBroker({ provision }, { store, ...quick, properties, onError })
    expect((await successor.pollToEnd('i', operation)).body).toEqual({
      state: 'failed',
      description: 'The broker stopped during this operation, which cannot be begun again.',
    })
    expect(calls).toBe(0)
    expect(errors).toHaveLength(1)
    expect((await successor.send('GET', '/v2/service_instances/i')).status).toBe(404)
    expect((await successor.deprovision('i')).status).toBe(200)
  })

  it('still deletes what a delete had overtaken, as that is no second attempt', async () => {
    const store = memoryStore()
    const dead = testBroker({ provision: forEver }, { store: deaf(store), leaseMs: 200, heartbeatMs: 50 })
    await dead.provision('i', {}, incomplete)
    const { body } = await dead.deprovision('i', incomplete)
    const successor = testBroker({}, { store, ...quick, properties })
    expect((await successor.pollToEnd('i', body.operation)).body).toEqual({ state: 'succeeded' })
  })

  it('LOI-21, LOI-22: what progress said in case of a failure is said of an update that a crash has ended', async () => {
    const store = memoryStore()
    const update: Handlers['update'] = async ({ progress }) => {
      await progress('moving the data', { instance_usable: false, update_repeatable: false })
      return forEver()
    }
    const operation = await crashed(store, { update }, 'update')
    const successor = testBroker({}, { store, ...quick, properties })
    expect((await successor.poll('i', operation)).body).toEqual({
      state: 'in progress',
      description: 'moving the data',
    })
    expect((await successor.pollToEnd('i', operation)).body).toMatchObject({
      state: 'failed',
      instance_usable: false,
      update_repeatable: false,
    })
    const repeated = await successor.update('i', { parameters: { size: 1 } }, incomplete)
    expect((await successor.pollToEnd('i', repeated.body.operation)).body).toEqual({ state: 'succeeded' })
  })
})

it('maximumAttempts ends an operation whose function ends its process each time', async () => {
  const store = memoryStore()
  const attempts: number[] = []
  const provision: Handlers['provision'] = async ({ attempt }) => {
    attempts.push(attempt)
    return forEver()
  }
  const properties: Properties = { maximumAttempts: 2 }
  const operation = await crashed(store, { provision }, 'provision')
  testBroker({ provision }, { store: mortal(store), leaseMs: 300, heartbeatMs: 50, properties })
  await expect.poll(() => attempts, { timeout: 10_000 }).toEqual([1, 2])
  const next = testBroker({ provision }, { store, ...quick, properties })
  expect((await next.pollToEnd('i', operation)).body).toEqual({
    state: 'failed',
    description: 'The broker stopped during each of 2 attempts at this operation.',
  })
  expect(attempts).toEqual([1, 2])
})

it('POL-02: an operation whose time is over when it is taken over is not begun again', async () => {
  const store = memoryStore()
  const dead = testBroker({ provision: forEver }, { store: deaf(store), leaseMs: 1_200, heartbeatMs: 400 })
  const { body } = await dead.provision('i', { plan_id: 'plan-large' }, incomplete)
  let calls = 0
  const provision = async () => {
    calls++
    return { state: { host: 'h' } }
  }
  const successor = testBroker({ provision }, { store, ...quick })
  expect((await successor.pollToEnd('i', body.operation)).body['state']).toBe('failed')
  expect(calls).toBe(0)
})

describe('checkpoints of a schema', () => {
  const properties: Properties = { checkpoints: z.object({ step: z.coerce.number() }) }

  it.each([
    ['are what it makes of them', { step: '2' }, { state: 'succeeded' }, [{ step: 2 }]],
    ['that do not fit end the operation', { stage: 2 }, { state: 'failed' }, []],
  ])('%s', async (_what, stored, last, expected) => {
    const store = memoryStore()
    const first: Handlers['deprovision'] = async ({ checkpoint }) => {
      await checkpoint(stored)
      return forEver()
    }
    const operation = await crashed(store, { deprovision: first }, 'deprovision')
    const seen: unknown[] = []
    const successor = testBroker(
      {
        deprovision: async ({ checkpointed }) => {
          seen.push(checkpointed)
        },
      },
      { store, ...quick, properties },
    )
    expect((await successor.pollToEnd('i', operation)).body).toMatchObject(last)
    expect(seen).toEqual(expected)
  })
})
