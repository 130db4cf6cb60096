import { describe, expect, it, onTestFinished } from 'vitest'
import { type BrokerClientOptions, createBrokerClient } from '../index.js'
import { fakeClock, type FakeBroker, type FakeBrokerOptions, type FakeFault, startFakeBroker } from '../testing.js'

const instance = { instance_id: 'i', service_id: 'fake-offering', plan_id: 'fake-plan' }
const binding = { ...instance, binding_id: 'b' }

async function start(options: FakeBrokerOptions = {}, client: Partial<BrokerClientOptions> = {}) {
  const broker = await startFakeBroker(options)
  const { auth = 'none' as const } = options
  const opened = createBrokerClient({
    url: broker.url,
    auth,
    timeoutMs: 500,
    retries: 0,
    clock: fakeClock(),
    ...client,
  })
  onTestFinished(async () => {
    await Promise.all([opened.close(), broker.close()])
  })
  return { broker, client: opened }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('a fake broker', () => {
  it('does what a broker does', async () => {
    const { broker, client } = await start()
    expect(await client.catalog()).toMatchObject({ outcome: 'found', body: { services: [{ name: 'fake' }] } })
    expect(await client.provision(instance)).toMatchObject({ outcome: 'created' })
    expect(await client.provision(instance)).toMatchObject({ outcome: 'exists' })
    await expect(client.provision({ ...instance, parameters: { a: 1 } })).rejects.toMatchObject({ status: 409 })
    expect(await client.update(instance)).toMatchObject({ outcome: 'updated' })
    expect(await client.bind(binding)).toMatchObject({ outcome: 'created', body: { credentials: { uri: 'fake://b' } } })
    expect(await client.fetchBinding(binding)).toMatchObject({ body: { credentials: { uri: 'fake://b' } } })
    expect([broker.hasInstance('i'), broker.hasBinding('i', 'b'), broker.hasBinding('i', 'c')]).toEqual([
      true,
      true,
      false,
    ])
    expect(await client.unbind(binding)).toMatchObject({ outcome: 'deleted' })
    expect(await client.unbind(binding)).toMatchObject({ outcome: 'gone' })
    expect(await client.deprovision(instance)).toMatchObject({ outcome: 'deleted' })
    await expect(client.fetchInstance(instance)).rejects.toMatchObject({ status: 404 })
    expect(await client.lastBindingOperation(binding)).toMatchObject({ outcome: 'gone' })
    expect(broker.requests[1]).toMatchObject({ operation: 'provision', method: 'PUT', body: { plan_id: 'fake-plan' } })
  })

  it('wants its login and the version', async () => {
    const auth = { username: 'u', password: 'p' }
    const { broker, client } = await start({ auth })
    expect(await client.catalog()).toMatchObject({ outcome: 'found' })
    expect((await fetch(`${broker.url}/v2/catalog`)).status).toBe(401)
    const open = await start()
    expect((await fetch(`${open.broker.url}/v2/catalog`)).status).toBe(400)
    expect((await fetch(`${open.broker.url}/v3/catalog`)).status).toBe(404)
  })

  it.each<[string, FakeFault, object, boolean]>([
    ['slow', { fault: 'slow', ms: 10_000 }, { code: 'BROKER_TIMEOUT' }, true],
    ['silent', { fault: 'silent' }, { code: 'BROKER_TIMEOUT' }, false],
    ['silent after the work', { fault: 'silent', done: true }, { code: 'BROKER_TIMEOUT' }, true],
    ['reset', { fault: 'reset' }, { code: 'BROKER_UNREACHABLE' }, false],
    ['reset after the work', { fault: 'reset', done: true }, { code: 'BROKER_UNREACHABLE' }, true],
    ['cut', { fault: 'cut' }, { code: 'MALFORMED_RESPONSE', status: 201 }, true],
    ['malformed', { fault: 'malformed' }, { code: 'MALFORMED_RESPONSE', status: 201 }, true],
    ['an unasked 202', { fault: 'unasked-202' }, { code: 'MALFORMED_RESPONSE', status: 202 }, true],
    ['5xx', { fault: 'error', status: 503 }, { code: 'BROKER_RESPONSE', status: 503 }, false],
    ['5xx after success', { fault: 'error', status: 500, done: true }, { code: 'BROKER_RESPONSE', status: 500 }, true],
  ])('%s: the platform deletes what it cannot be sure of', async (_name, fault, expected, isThere) => {
    const { broker, client } = await start()
    broker.next('provision', fault)
    const error = await failureOf(client.provision(instance))
    expect(error).toMatchObject({ ...expected, orphanMitigation: 'instance' })
    expect(broker.hasInstance('i')).toBe(isThere)
    expect(await client.mitigateOrphan({ target: 'instance', ...instance })).toMatchObject({
      outcome: isThere ? 'deleted' : 'gone',
    })
    expect(broker.hasInstance('i')).toBe(false)
  })

  it('answers late, and well', async () => {
    const { broker, client } = await start()
    broker.next('catalog', { fault: 'slow', ms: 20 }, { fault: 'error', status: 404, body: { error: 'No' } })
    expect(await client.catalog()).toMatchObject({ outcome: 'found' })
    await expect(client.catalog()).rejects.toMatchObject({ status: 404, body: { error: 'No' } })
    expect(await client.catalog()).toMatchObject({ outcome: 'found' })
  })

  it('works asynchronously, to a good end and to a bad one', async () => {
    const { broker, client } = await start()
    broker.next('provision', { fault: 'async', polls: 2, retryAfter: '7' })
    expect(await client.provisionAndWait(instance)).toMatchObject({ lastOperation: { state: 'succeeded' } })
    broker.next('bind', { fault: 'async', polls: 0, end: 'failed' })
    expect(await failureOf(client.bindAndWait(binding))).toMatchObject({ code: 'OPERATION_FAILED' })
    expect(broker.hasBinding('i', 'b')).toBe(false)
    broker.next('deprovision', { fault: 'async', polls: 1, end: 'gone' })
    expect(await client.deprovisionAndWait(instance)).toMatchObject({ outcome: 'gone' })
    const polls = (of: FakeBroker) => of.requests.filter(({ operation }) => operation === 'lastInstanceOperation')
    expect(polls(broker)).toHaveLength(3 + 2)
  })
})
