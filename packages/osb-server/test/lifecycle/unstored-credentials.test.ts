import { memoryStore, OsbError } from 'osb-server'
import { expect, it, vi } from 'vitest'
import { gate, type Handlers, incomplete, testBroker } from '../support/test-broker.js'

const properties = { storesCredentials: false } as const
const bind: Handlers['bind'] = async ({ binding_id }) => ({
  credentials: { password: `secret of ${binding_id}` },
  endpoints: [{ host: 'h', ports: ['1'] }],
  metadata: { expires_at: '2999-01-01T00:00:00.0Z' },
  state: { path: `vault/${binding_id}` },
})
const readBinding: Handlers['readBinding'] = async ({ binding_id, bindingState, instance, parameters, tenant }) => ({
  credentials: { password: `secret of ${binding_id}` },
  endpoints: [{ host: JSON.stringify([bindingState, instance.state, parameters, tenant]), ports: ['1'] }],
})
const again = [{ path: 'vault/b' }, { host: 'host-of-i' }, { read_only: true }, '']
const first = {
  credentials: { password: 'secret of b' },
  endpoints: [{ host: 'h', ports: ['1'] }],
  metadata: { expires_at: '2999-01-01T00:00:00.0Z' },
}
const read = { ...first, endpoints: [{ host: JSON.stringify(again), ports: ['1'] }] }

it('credentials that must not be stored are answered once, and read again for repeats and fetches', async () => {
  const store = memoryStore()
  const { provision, bind: put, send, unbind } = testBroker({ bind, readBinding }, { store, properties })
  await provision('i')
  const parameters = { read_only: true }
  expect(await put('i', 'b', { parameters })).toMatchObject({ status: 201, body: first })
  expect(JSON.stringify(await store.list())).not.toContain('secret of')
  expect(await put('i', 'b', { parameters })).toMatchObject({ status: 200, body: read })
  const fetched = await send('GET', '/v2/service_instances/i/service_bindings/b')
  expect(fetched).toMatchObject({ status: 200, body: { ...read, parameters } })
  expect((await unbind('i', 'b')).status).toBe(200)
})

it('a repeat that joins is answered with the same credentials', async () => {
  const held = gate()
  const { provision, bind: put } = testBroker(
    {
      readBinding,
      bind: async (input) => {
        await held.passed
        return bind(input)
      },
    },
    { properties },
  )
  await provision('i')
  const both = Promise.all([put('i', 'b'), put('i', 'b')])
  held.open()
  const answers = await both
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
  expect(answers.map(({ body }) => body['credentials'])).toEqual([first.credentials, first.credentials])
})

it.each([
  ['an error of its own', async () => Promise.reject(OsbError.unavailable('the vault is sealed')), 503],
  ['an unforeseen error', async () => Promise.reject(new Error('secret detail')), 500],
  ['nothing', async () => undefined as never, 500],
])('readBinding that ends with %s fails the fetch, not the binding', async (_what, broken, status) => {
  const reading = vi.fn<NonNullable<Handlers['readBinding']>>(broken)
  const { provision, bind: put, send } = testBroker({ bind, readBinding: reading }, { properties })
  await provision('i')
  await put('i', 'b')
  const fetched = await send('GET', '/v2/service_instances/i/service_bindings/b')
  expect(fetched.status).toBe(status)
  expect(JSON.stringify(fetched.body)).not.toContain('detail')
  reading.mockImplementation(readBinding)
  expect((await send('GET', '/v2/service_instances/i/service_bindings/b')).status).toBe(200)
})

it('readBinding is waited for as long as a synchronous call, and then told', async () => {
  let reason: AbortSignal | undefined
  const {
    provision,
    bind: put,
    send,
  } = testBroker(
    {
      bind,
      readBinding: ({ signal }) => {
        reason = signal
        return new Promise(() => {})
      },
    },
    { properties, syncTimeoutMs: 50 },
  )
  await provision('i', {}, incomplete)
  await put('i', 'b', {}, incomplete)
  expect((await send('GET', '/v2/service_instances/i/service_bindings/b')).status).toBe(500)
  expect(reason?.aborted).toBe(true)
})
