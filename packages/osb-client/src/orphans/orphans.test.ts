import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import { type BrokerClientOptions, type LedgerEntry, orphanOf } from '../index.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const accepted = { status: 202, body: { operation: 'o' } }
const poll = (state: string) => ({ status: 200, body: { state } })
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

function scripted(answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const written: LedgerEntry[] = []
  const ledger = { write: (entry: LedgerEntry) => void written.push(entry) }
  const client = createBrokerClient({
    url: `${brokerUrl}/osb`,
    auth: 'none',
    fetch,
    clock,
    ledger,
    retries: 0,
    ...options,
  })
  return { client, clock, seen, written, states: () => written.map(({ state }) => state) }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('a ledger', () => {
  it('ORPH-01: is written before the request is sent, with all that a delete needs', async () => {
    const sentBefore: number[] = []
    const written: LedgerEntry[] = []
    const ledger = {
      async write(entry: LedgerEntry): Promise<void> {
        await Promise.resolve()
        sentBefore.push(seen.length)
        written.push(entry)
      },
    }
    const { client, seen } = scripted([{ status: 201 }], { ledger })
    await client.bind(binding)
    expect(written).toEqual([
      {
        state: 'creating',
        broker: `${brokerUrl}/osb`,
        target: 'binding',
        ...binding,
        requestIdentity: seen[0]?.headers['X-Broker-API-Request-Identity'],
      },
      expect.objectContaining({ state: 'created' }),
    ])
    expect(sentBefore).toEqual([0, 1])
  })

  it('that cannot be written stops the request', async () => {
    const ledger = { write: () => Promise.reject(new Error('the disk is full')) }
    const { client, seen } = scripted([{ status: 201 }], { ledger })
    await expect(client.provision(instance)).rejects.toThrow('the disk is full')
    expect(seen).toHaveLength(0)
  })

  it.each<[string, readonly Scripted[], readonly string[], Partial<BrokerClientOptions>?]>([
    ['200', [{ status: 200 }], ['creating', 'created']],
    ['409', [{ status: 409 }], ['creating', 'rejected']],
    ['500', [{ status: 500 }], ['creating', 'orphan']],
    ['500, where nothing is to be deleted', [{ status: 500 }], ['creating'], { orphanPolicy: 'never' }],
    ['410, by the habits of Cloud Foundry', [{ status: 410 }], ['creating', 'orphan'], { orphanPolicy: 'cf' }],
    ['a broken connection', [new Error('reset')], ['creating', 'orphan']],
    ['no connection', [refused], ['creating', 'rejected']],
    ['a 200 that cannot be read', [{ status: 200, body: 'x' }], ['creating']],
    ['a poll that succeeded', [accepted, poll('succeeded')], ['creating', 'pending', 'created']],
    ['a poll that failed', [accepted, poll('failed')], ['creating', 'pending', 'orphan']],
  ])('keeps what became of a provision: %s', async (_name, answers, expected, options) => {
    const { client, states } = scripted(answers, options)
    await failureOf(client.provisionAndWait(instance))
    expect(states()).toEqual(expected)
  })

  it('has what a poll needs after a restart', async () => {
    const { client, written } = scripted([accepted])
    await client.bind({ ...binding, accepts_incomplete: true })
    const entry = written.at(-1)
    expect(entry).toMatchObject({ state: 'pending', operation: 'o', target: 'binding', ...binding })
    const restarted = scripted([poll('succeeded')])
    await restarted.client.awaitOperation({
      ...binding,
      operation: 'bind',
      accepted: { body: { operation: entry?.operation } },
    })
    expect(restarted.seen[0]?.path).toContain('/service_bindings/b/last_operation?service_id=s&plan_id=p&operation=o')
    expect(restarted.states()).toEqual(['created'])
  })

  it('is told of deletes that succeeded, and of no others', async () => {
    const { client, states } = scripted([{ status: 410 }, { status: 500 }, { status: 202 }, poll('succeeded')])
    await client.unbind(binding)
    await failureOf(client.deprovision(instance))
    expect(states()).toEqual(['deleted'])
    await client.deprovisionAndWait(instance)
    expect(states()).toEqual(['deleted', 'deleted'])
  })

  it('is not written for what cannot be sent', async () => {
    const { client, written } = scripted([])
    await expect(client.provision({ ...instance, instance_id: '' })).rejects.toThrow(TypeError)
    expect(written).toEqual([])
  })

  it('is left as it is by an abort: nobody knows what the broker did', async () => {
    const { client, states } = scripted([{ status: 201 }])
    const controller = new AbortController()
    const call = client.provision(instance, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(states()).toEqual(['creating'])
  })
})

describe('orphanOf', () => {
  it('PROV-25, BIND-37: says what a failed call may have left', async () => {
    const { client } = scripted([{ status: 500 }, { status: 500 }, { status: 409 }])
    expect(orphanOf(await failureOf(client.provision(instance)), instance)).toEqual({ target: 'instance', ...instance })
    expect(orphanOf(await failureOf(client.bind(binding)), binding)).toEqual({ target: 'binding', ...binding })
    expect(orphanOf(await failureOf(client.bind(binding)), binding)).toBeUndefined()
    expect(orphanOf(new Error('another'), binding)).toBeUndefined()
  })

  it('asks for the ids that a rotation leaves out', async () => {
    const rotation = { instance_id: 'i', binding_id: 'b2', predecessor_binding_id: 'b1' }
    const error = await failureOf(scripted([{ status: 500 }]).client.bind(rotation))
    expect(() => orphanOf(error, rotation)).toThrow('lacks service_id or plan_id')
  })
})

describe('mitigateOrphan', () => {
  it('ORPH-02: deletes again until the broker reports success, with longer and longer waits', async () => {
    const answers = [{ status: 500 }, new Error('reset'), accepted, poll('failed'), { status: 422 }, { status: 200 }]
    const { client, clock, seen, states } = scripted(answers, { polling: { startIntervalMs: 7 } })
    expect(await client.mitigateOrphan({ target: 'instance', ...instance })).toEqual({ outcome: 'deleted' })
    expect(clock.sleeps).toEqual([1000, 2000, 7, 4000, 8000])
    expect(states()).toEqual(['deleted'])
    expect(seen.filter(({ method }) => method === 'DELETE')).toHaveLength(5)
    expect(seen[0]?.path).toBe('/osb/v2/service_instances/i?service_id=s&plan_id=p&accepts_incomplete=true')
  })

  it('ORPH-02: takes 410 for success, and OID-03: names no user', async () => {
    const { client, seen } = scripted([{ status: 410 }])
    expect(await client.mitigateOrphan({ target: 'binding', ...binding })).toEqual({ outcome: 'gone' })
    expect(seen[0]?.headers).not.toHaveProperty('X-Broker-API-Originating-Identity')
  })

  it('gives up after so many deletes with what the last one ended with', async () => {
    const { client, seen, clock } = scripted(Array<Scripted>(3).fill({ status: 503 }))
    const options = { attempts: 3, startDelayMs: 10, maxDelayMs: 15 }
    await expect(client.mitigateOrphan({ target: 'instance', ...instance }, options)).rejects.toMatchObject({
      status: 503,
    })
    expect(seen).toHaveLength(3)
    expect(clock.sleeps).toEqual([10, 15])
  })

  it('ends when it is aborted', async () => {
    const { client } = scripted([{ status: 500 }, { status: 200 }])
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(client.mitigateOrphan({ target: 'instance', ...instance }, { signal })).rejects.toBe(reason)
  })
})
