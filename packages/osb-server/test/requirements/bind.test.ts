import { describe, expect, it, vi } from 'vitest'
import type { Permission } from 'osb-protocol'
import { OsbError } from '../../src/errors.js'
import { binding, catalog, fakeBroker, ids, provisionBody, send } from '../support/wire.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const described = { description: expect.stringMatching(/./) as unknown }
const fetched = '/v2/service_instances/i/service_bindings/b'
const [open, shut] = catalog.services

it('BIND-04: binding is refused where nothing is bindable', async () => {
  const services = [{ ...shut!, plans: [shut!.plans[0]!] }]
  const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body: { services } }) })
  const answer = await send(broker, `PUT ${binding}`, { body: { service_id: 'shut', plan_id: 'shut-small' } })
  expect(answer).toMatchObject({ status: 400, body: described })
})

it('BIND-05, BIND-06, BIND-43: the credentials are in the 201, and in all answers that follow', async () => {
  const { provision, bind, send: ask } = testBroker()
  await provision('i')
  const credentials = { host: 'host-of-i', username: 'b' }
  expect(await bind('i', 'b')).toMatchObject({ status: 201, body: { credentials } })
  expect(await bind('i', 'b')).toMatchObject({ status: 200, body: { credentials } })
  expect(await ask('GET', fetched)).toMatchObject({ status: 200, body: { credentials } })
})

it('BIND-25: a repeat of a bind in progress names the same operation', async () => {
  const work = gate<object>()
  const { provision, bind, pollToEnd } = testBroker({ bind: () => work.passed })
  await provision('i')
  const first = await bind('i', 'b', {}, incomplete)
  expect(first).toMatchObject({ status: 202, body: { operation: expect.any(String) } })
  expect(await bind('i', 'b', {}, incomplete)).toMatchObject({ status: 202, body: first.body })
  work.open({})
  await pollToEnd('i/service_bindings/b')
})

it('BIND-29: data that is not valid is 400 with a description, and nothing is made', async () => {
  const { provision, bind, send: ask } = testBroker()
  await provision('i')
  for (const more of [{ parameters: { read_only: 'yes' } }, { plan_id: 'none' }, { plan_id: 'plan-large' }])
    expect(await bind('i', 'b', more)).toMatchObject({ status: 400, body: described })
  expect((await ask('GET', fetched)).status).toBe(404)
})

it.each([
  ['by its definition', {}, { requiresApp: true }],
  [
    'in its function',
    {
      bind: async ({ app_guid }: { readonly app_guid?: string | undefined }) => {
        if (app_guid === undefined) throw OsbError.requiresApp()
        return {}
      },
    },
    {},
  ],
])('BIND-31, BIND-32: an offering that needs an app, %s, says RequiresApp, and why', async (_how, own, properties) => {
  const { provision, bind } = testBroker(own, { properties })
  await provision('i')
  expect(await bind('i', 'b')).toMatchObject({ status: 422, body: { error: 'RequiresApp', ...described } })
  expect((await bind('i', 'b', { app_guid: 'a' })).status).toBe(201)
  expect((await bind('i', 'c', { bind_resource: { app_guid: 'a' } })).status).toBe(201)
})

it('ROT-01, BIND-31: a rotation has the app of its predecessor', async () => {
  const { provision, bind } = testBroker({}, { properties: { requiresApp: true } })
  const large = { plan_id: 'plan-large' }
  await provision('i', large)
  await bind('i', 'b', { ...large, app_guid: 'a' })
  expect((await bind('i', 'c', { ...large, predecessor_binding_id: 'b' })).status).toBe(201)
})

it('BIND-33: binds of one instance run side by side; one whose unbind still runs is a ConcurrencyError', async () => {
  const [made, removed] = [gate<object>(), gate()]
  const { provision, bind, unbind, pollToEnd } = testBroker({
    bind: ({ binding_id }) => (binding_id === 'quick' ? Promise.resolve({}) : made.passed),
    unbind: () => removed.passed,
  })
  await provision('i')
  await bind('i', 'quick')
  await unbind('i', 'quick', incomplete)
  const busy = { status: 422, body: { error: 'ConcurrencyError' } }
  expect(await bind('i', 'quick', {}, incomplete)).toMatchObject(busy)
  const both = await Promise.all([bind('i', 'x', {}, incomplete), bind('i', 'y', {}, incomplete)])
  expect(both.map(({ status }) => status)).toEqual([202, 202])
  made.open({})
  removed.open()
  await Promise.all(['x', 'y', 'quick'].map((name) => pollToEnd(`i/service_bindings/${name}`)))
})

it('BIND-41, GETB-11, BMD-02, BMD-08: metadata of the binding is answered', async () => {
  const metadata = { expires_at: '2030-01-31T12:00:00.0Z', renew_before: '2030-01-30T12:00:00.0Z' }
  const { provision, bind, send: ask } = testBroker({ bind: async () => ({ metadata }) })
  await provision('i')
  expect(await bind('i', 'b')).toMatchObject({ status: 201, body: { metadata } })
  expect(await ask('GET', fetched)).toMatchObject({ status: 200, body: { metadata } })
})

it('RTE-03: the parameters of a bind reach the author with the route that it is for', async () => {
  const bound = vi.fn(async () => ({}))
  const { provision, bind } = testBroker({ bind: bound })
  await provision('i')
  await bind('i', 'b', { bind_resource: { route: 'app.example.com' }, parameters: { read_only: true } })
  const asked = { bind_resource: { route: 'app.example.com' }, parameters: { read_only: true } }
  expect(bound).toHaveBeenCalledWith(expect.objectContaining(asked))
})

const mount = { driver: 'nfs', container_dir: '/data', mode: 'rw', device_type: 'shared', device: { volume_id: 'v' } }
const endpoint = { host: 'db.internal', ports: ['3306', '9000-9010'], protocol: 'tcp' }
const soon = '2030-01-30T12:00:00.0Z'
const later = '2030-01-31T12:00:00.0Z'

/** A broker whose offering requires everything, and whose bind and fetch answer with this. */
function answering(body: object, onError: (error: unknown) => void = () => undefined) {
  const requires: Permission[] = ['syslog_drain', 'route_forwarding', 'volume_mount']
  return fakeBroker(
    {
      catalog: async () => ({ outcome: 'found', body: { services: [{ ...open!, requires }] } }),
      bind: async () => ({ outcome: 'created', body: body as never }),
      fetchBinding: async () => ({ outcome: 'found', body: body as never }),
    },
    { onError },
  )
}

describe('binding data goes out as it is', () => {
  it.each<[rules: string, body: object]>([
    [
      'VOL-02, VOL-03, VOL-04, VOL-05, VOL-06, VOL-07: volume mounts',
      { volume_mounts: [mount, { ...mount, mode: 'r' }] },
    ],
    ['VOL-07: a mount_config', { volume_mounts: [{ ...mount, device: { volume_id: 'v', mount_config: { a: 1 } } }] }],
    ['END-01, END-02, END-03: endpoints', { endpoints: [endpoint, { host: '::1', ports: ['1'], protocol: 'all' }] }],
    ['END-03: an endpoint without protocol', { endpoints: [{ host: 'h', ports: ['1'] }] }],
    ['BIND-45: a syslog drain', { syslog_drain_url: 'syslog-tls://drain' }],
    ['BIND-48: a route service', { route_service_url: 'https://proxy' }],
    ['BMD-06: renewal before the end', { metadata: { expires_at: later, renew_before: soon } }],
    ['BMD-06: renewal at the end', { metadata: { expires_at: later, renew_before: later } }],
  ])('%s', async (_rules, body) => {
    const broker = answering(body)
    expect(await send(broker, `PUT ${binding}`, { body: provisionBody })).toMatchObject({ status: 201, body })
    expect(await send(broker, `GET ${binding}?${ids}`)).toMatchObject({ status: 200, body })
  })
})

describe('binding data that breaks a rule is never sent, and the hook hears which', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(mount).filter(([key]) => key !== name))
  it.each<[rule: string, body: object]>([
    ['VOL-02', { volume_mounts: [without('driver')] }],
    ['VOL-03', { volume_mounts: [without('container_dir')] }],
    ['VOL-04', { volume_mounts: [{ ...mount, mode: 'w' }] }],
    ['VOL-05', { volume_mounts: [{ ...mount, device_type: 'private' }] }],
    ['VOL-06', { volume_mounts: [without('device')] }],
    ['VOL-07', { volume_mounts: [{ ...mount, device: {} }] }],
    ['END-01', { endpoints: [{ ports: ['1'] }] }],
    ['END-02', { endpoints: [{ host: 'h', ports: [] }] }],
    ['END-03', { endpoints: [{ ...endpoint, protocol: 'sctp' }] }],
    ['BMD-08', { metadata: { renew_before: '2030-01-31' } }],
    ['BMD-08', { metadata: { expires_at: soon, renew_before: later } }],
  ])('%s: %j', async (rule, body) => {
    const onError = vi.fn()
    const broker = answering(body, onError)
    expect((await send(broker, `PUT ${binding}`, { body: provisionBody })).status).toBe(500)
    expect((await send(broker, `GET ${binding}?${ids}`)).status).toBe(500)
    expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
      expect.stringContaining(rule),
      expect.stringContaining(rule),
    ])
  })

  it.each(['syslog_drain_url', 'route_service_url'])(
    'GETB-17: a fetched %s without the permission in requires',
    async (field) => {
      const body = { [field]: 'https://hidden' }
      const broker = fakeBroker(
        { fetchBinding: async () => ({ outcome: 'found', body }) },
        { onError: () => undefined },
      )
      expect((await send(broker, `GET ${binding}?${ids}`)).status).toBe(500)
    },
  )
})

describe('rotation', () => {
  const large = { plan_id: 'plan-large' }

  it('ROT-06, T48: the old binding stays valid beside the new one', async () => {
    const { provision, bind, send: ask } = testBroker()
    await provision('i', large)
    await bind('i', 'old', large)
    expect((await bind('i', 'new', { ...large, predecessor_binding_id: 'old' })).status).toBe(201)
    for (const name of ['old', 'new'])
      expect(await ask('GET', `/v2/service_instances/i/service_bindings/${name}`)).toMatchObject({
        status: 200,
        body: { credentials: { username: name } },
      })
  })

  it('ROT-10: is answered like a bind: 201, 200 to a repeat, 202 while it is made, 400 and 409', async () => {
    const work = gate<object>()
    const { provision, bind, pollToEnd } = testBroker({
      bind: ({ binding_id }) => (binding_id === 'slow' ? work.passed : Promise.resolve({})),
    })
    await provision('i', large)
    await bind('i', 'old', large)
    const rotate = (name: string, query = '', predecessor_binding_id = 'old') =>
      bind('i', name, { ...large, predecessor_binding_id }, query)
    expect((await rotate('new')).status).toBe(201)
    expect((await rotate('new')).status).toBe(200)
    expect((await rotate('new', '', 'another')).status).toBe(409)
    expect((await rotate('newer', '', 'nobody')).status).toBe(400)
    expect((await rotate('slow', incomplete)).status).toBe(202)
    work.open({})
    await pollToEnd('i/service_bindings/slow')
  })
})
