import { errorCodes, type OperationName, outcomeStatuses } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { type BrokerClientOptions, createBrokerClient, type LedgerEntry, planTraits } from '../src/index.js'
import { fakeClock } from '../src/testing.js'
import { brokerUrl, type Scripted, scriptedFetch } from './support/scripted-fetch.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const plan = { id: 'p', name: 'small', description: 'small' }
const offering = { id: 's', name: 'db', description: 'db', bindable: true, plans: [plan] }
const poll = (state: string) => ({ status: 200, body: { state } })

function scripted(answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, clock, retries: 0, ...options })
  const bodies = () => seen.map(({ body }): unknown => (body === undefined ? undefined : JSON.parse(body)))
  return { client, clock, seen, bodies, paths: () => seen.map(({ path }) => path) }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('any other status is a failure', () => {
  it.each<[string, Exclude<OperationName, 'catalog'>]>([
    ['PROV-24', 'provision'],
    ['GETI-11', 'fetchInstance'],
    ['UPD-34', 'update'],
    ['DEP-20', 'deprovision'],
    ['BIND-36', 'bind'],
    ['GETB-09', 'fetchBinding'],
    ['UNB-21', 'unbind'],
    ['LOI-15', 'lastInstanceOperation'],
    ['LOB-17', 'lastBindingOperation'],
  ])('%s: %s', async (_rule, operation) => {
    const successes: readonly number[] = Object.values(outcomeStatuses[operation])
    const others = [200, 201, 202, 203, 204, 304, 307, 400, 404, 408, 409, 410, 418, 422, 500, 599]
    for (const status of others.filter((each) => !successes.includes(each))) {
      const error = await failureOf(scripted([{ status }]).client[operation](binding))
      expect(error, String(status)).toMatchObject({ code: 'BROKER_RESPONSE', status })
    }
  })
})

describe('what is sent back when polling', () => {
  const accepted = { status: 202, body: { operation: 'a b/ü' } }
  const sent = 'service_id=s&plan_id=p&operation=a%20b%2F%C3%BC'
  it.each([
    ['PROV-30', 'provisionAndWait'],
    ['DEP-25', 'deprovisionAndWait'],
    ['BIND-39, LOB-06, LOB-09', 'bindAndWait'],
    ['UNB-24, LOB-09', 'unbindAndWait'],
  ] as const)('%s: offering, plan and the operation, percent-encoded: %s', async (_rule, call) => {
    const { client, paths } = scripted([accepted, poll('in progress'), poll('succeeded'), { status: 200 }])
    await client[call](binding)
    expect(paths()[1]?.split('?')[1]).toBe(sent)
    expect(paths()[2]).toBe(paths()[1])
  })

  it('UPD-45: the operation of an update, with the plan from before', async () => {
    const { client, paths } = scripted([accepted, poll('succeeded')])
    await client.updateAndWait({ ...instance, plan_id: 'q', previous_values: { plan_id: 'p' } })
    expect(paths()[1]?.split('?')[1]).toBe(sent)
  })

  it.each([
    ['LOI-02, LOI-03, LOI-06', 'lastInstanceOperation'],
    ['LOB-04, LOB-05, LOB-07', 'lastBindingOperation'],
    ['GETI-07', 'fetchInstance'],
    ['GETB-05, GETB-06', 'fetchBinding'],
  ] as const)('%s: nothing that is empty: %s', async (_rule, operation) => {
    const { client, paths } = scripted([poll('succeeded')])
    await client[operation]({ ...binding, service_id: '', plan_id: '', operation: '' })
    expect(paths()[0]).not.toContain('?')
  })
})

describe('polling a bind', () => {
  it('LOB-20, LOB-21: goes on while in progress and ends with success or failure', async () => {
    for (const state of ['succeeded', 'failed']) {
      const { client, seen } = scripted([poll('in progress'), poll('in progress'), poll(state)])
      await failureOf(client.awaitOperation({ ...binding, operation: 'bind' }))
      expect(seen).toHaveLength(3)
    }
  })

  it('LOI-27, LOB-25: says after a failure what may be left', async () => {
    const ended = (operation: 'provision' | 'bind') =>
      failureOf(scripted([poll('failed')]).client.awaitOperation({ ...binding, operation }))
    expect(await ended('provision')).toMatchObject({ orphanMitigation: 'instance' })
    expect(await ended('bind')).toMatchObject({ orphanMitigation: 'binding' })
  })

  it('SYN-08: a provision that was accepted is confirmed by last_operation, and not before', async () => {
    const { client, paths } = scripted([{ status: 202 }, poll('in progress'), poll('succeeded')])
    await client.provisionAndWait(instance)
    expect(
      paths()
        .slice(1)
        .every((path) => path.includes('/last_operation')),
    ).toBe(true)
  })
})

describe('answers that ask for another request', () => {
  it('ERR-09: the waiting calls send accepts_incomplete=true from the start', async () => {
    for (const call of [
      'provisionAndWait',
      'updateAndWait',
      'deprovisionAndWait',
      'bindAndWait',
      'unbindAndWait',
    ] as const) {
      const { client, paths } = scripted([{ status: 200 }])
      await client[call](binding)
      expect(paths()[0], call).toContain('accepts_incomplete=true')
    }
  })

  it('ERR-10, BLK-04: after ConcurrencyError nothing is deleted; an orphan is tried again after a wait', async () => {
    const busy = { status: 422, body: { error: errorCodes.concurrency } }
    expect(await failureOf(scripted([busy]).client.provision(instance))).toMatchObject({ orphanMitigation: 'none' })
    const { client, clock } = scripted([busy, busy, { status: 200 }])
    await client.mitigateOrphan({ target: 'instance', ...instance })
    expect(clock.sleeps).toEqual([1000, 2000])
  })

  it.each([
    [true, true],
    [false, false],
    [undefined, undefined],
  ])('ERR-07, UPD-39, LOI-23: says whether an update may be repeated: %s', async (update_repeatable, expected) => {
    const failed = { status: 200, body: { state: 'failed', update_repeatable } }
    const { client, seen } = scripted([failed])
    const error = await failureOf(client.awaitOperation({ ...instance, operation: 'update' }))
    expect(error).toMatchObject({ update_repeatable: expected, orphanMitigation: 'none' })
    expect(seen).toHaveLength(1)
  })

  it('UPD-38, DEP-23: takes an instance for usable unless the broker says that it is not', async () => {
    const failed = (body: object) => scripted([{ status: 202 }, { status: 200, body: { state: 'failed', ...body } }])
    expect(await failureOf(failed({}).client.deprovisionAndWait(instance))).toMatchObject({
      instance_usable: undefined,
    })
    const unusable = await failureOf(failed({ instance_usable: false }).client.updateAndWait(instance))
    expect(unusable).toMatchObject({ instance_usable: false })
  })
})

describe('what the caller gives', () => {
  it('UPD-01, UPD-06, UPD-10, UPD-21, MNT-08: goes into an update, and nothing else does', async () => {
    const context = { platform: 'x', instance_name: 'new' }
    const { client, bodies } = scripted(Array<Scripted>(3).fill({ status: 200 }))
    const update = { instance_id: 'i', service_id: 's' }
    await client.update({ ...update, context })
    await client.update({ ...update, maintenance_info: { version: '2.0.0' } })
    await client.update({ ...update, parameters: {} })
    expect(bodies()).toEqual([
      { service_id: 's', context },
      { service_id: 's', maintenance_info: { version: '2.0.0' } },
      { service_id: 's', parameters: {} },
    ])
  })

  it('UPD-14, UPD-15, UPD-17, UPD-19: previous values go as they are', async () => {
    const previous_values = { service_id: 's', plan_id: 'p', organization_id: 'o', space_id: 'sp' }
    const { client, bodies } = scripted([{ status: 200 }])
    await client.update({ ...instance, plan_id: 'q', previous_values })
    expect(bodies()[0]).toMatchObject({ plan_id: 'q', previous_values })
  })

  it('MNT-05, CAT-42: maintenance_info of the plan goes with a provision', async () => {
    const { client, bodies } = scripted([{ status: 201 }])
    await client.provision({ ...instance, maintenance_info: { version: '1.0.0' } })
    expect(bodies()[0]).toMatchObject({ maintenance_info: { version: '1.0.0' } })
  })

  it('BIND-17, BIND-18, BIND-19, RTE-02, BRES-01, BRES-03, BRES-04, BRES-05: bind_resource goes as it is', async () => {
    const bind_resource = {
      route: 'app.example',
      space_guid: 'sp',
      app_annotations: { a: 'b' },
      credential_client_id: 'c',
      'example.com/own': 1,
    }
    const { client, bodies } = scripted([{ status: 201 }, { status: 201 }])
    await client.bind({ ...binding, bind_resource })
    await client.bind(binding)
    expect(bodies()).toEqual([
      { service_id: 's', plan_id: 'p', bind_resource },
      { service_id: 's', plan_id: 'p' },
    ])
  })

  it('ROT-03, ROT-05: a rotation names the old binding in the body and the new one in the path', async () => {
    const { client, bodies, paths } = scripted([{ status: 201, body: { credentials: {} } }])
    await client.bind({ ...binding, binding_id: 'new', predecessor_binding_id: 'old' })
    expect(paths()[0]).toBe('/v2/service_instances/i/service_bindings/new')
    expect(bodies()[0]).toMatchObject({ predecessor_binding_id: 'old' })
  })

  it('OID-01, OID-04, RID-01: identities are sent for the caller who gives them', async () => {
    const { client, seen } = scripted([{ status: 200, body: { services: [] } }, { status: 201 }])
    await client.catalog()
    const originatingIdentity = { platform: 'cloudfoundry', value: { user_id: 'u' } }
    await client.provision(instance, { originatingIdentity, requestIdentity: 'mine' })
    const of = (at: number, name: string) => seen[at]?.headers[`X-Broker-API-${name}`]
    expect(of(0, 'Originating-Identity')).toBeUndefined()
    expect(of(1, 'Originating-Identity')).toBe(`cloudfoundry ${btoa('{"user_id":"u"}')}`)
    expect(of(1, 'Request-Identity')).toBe('mine')
  })

  it.each([
    ['DEP-07, DEP-08', 'deprovision', { instance_id: 'i', service_id: 's' }],
    ['UNB-08, UNB-09', 'unbind', { instance_id: 'i', binding_id: 'b', plan_id: 'p' }],
  ] as const)('%s: a %s without both ids is not sent', async (_rule, operation, call) => {
    const { client, seen } = scripted([])
    await expect(client[operation](call as never)).rejects.toThrow(TypeError)
    expect(seen).toHaveLength(0)
  })
})

describe('what is read', () => {
  it('CAT-26: keeps metadata as it is', async () => {
    const metadata = { displayName: 'DB', own: [{ deep: null }] }
    const services = [{ ...offering, metadata, plans: [{ ...plan, metadata }] }]
    const { client } = scripted([{ status: 200, body: { services } }])
    expect(await client.cachedCatalog()).toEqual({ services })
  })

  it('CAT-36, CAT-38: fills in the defaults of plans', () => {
    expect(planTraits(offering, plan)).toEqual({
      free: true,
      bindable: true,
      bindingRotatable: false,
      planUpdateable: false,
      instancesRetrievable: false,
      bindingsRetrievable: false,
    })
  })

  it('BIND-01, BIND-02, ROT-02, UPD-04, UPD-05, GETI-03: the plan goes before the offering', () => {
    const all = { ...offering, plan_updateable: true, instances_retrievable: true, bindings_retrievable: true }
    const own = { ...plan, free: false, bindable: false, binding_rotatable: true, plan_updateable: false }
    expect(planTraits(all, own)).toEqual({
      free: false,
      bindable: false,
      bindingRotatable: true,
      planUpdateable: false,
      instancesRetrievable: true,
      bindingsRetrievable: true,
    })
  })

  it('CAT-03, CAT-04, CAT-06: finds a plan by its id, whatever it is called now', async () => {
    const services = [
      {
        ...offering,
        plans: [
          { ...plan, id: 'q', maximum_polling_duration: 9 },
          { ...plan, maximum_polling_duration: 4 },
        ],
      },
    ]
    const { client, clock } = scripted([
      { status: 200, body: { services } },
      ...Array<Scripted>(9).fill(poll('in progress')),
    ])
    await client.cachedCatalog()
    await failureOf(client.awaitOperation({ ...instance, operation: 'provision' }))
    expect(clock.now()).toBe(4000)
  })

  it('UPD-43: an absent or null dashboard_url is handed on as it is, for the caller to keep the old one', async () => {
    for (const body of [{}, { dashboard_url: null }])
      expect(await scripted([{ status: 200, body }]).client.update(instance)).toEqual({ outcome: 'updated', body })
  })

  it('IMD-01, IMD-05, MNT-12: metadata and maintenance_info of an instance are handed on as they are', async () => {
    const body = { metadata: { labels: { a: '!' }, attributes: { b: 1 } }, maintenance_info: { version: '1', own: 2 } }
    expect(await scripted([{ status: 200, body }]).client.fetchInstance(instance)).toMatchObject({ body })
  })

  it.each([
    ['BIND-46', 'syslog_drain_url', 'syslog://x', 'syslog_drain', 'BIND-45'],
    ['BIND-49', 'route_service_url', 'https://x', 'route_forwarding', 'BIND-48'],
    ['BIND-51', 'volume_mounts', [], 'volume_mount', 'BIND-50'],
  ])(
    '%s: where the catalog is known, %s needs the permission of its offering',
    async (_rule, name, value, permission, requirement) => {
      const found = (requires: string[]) => ({ status: 200, body: { services: [{ ...offering, requires }] } })
      const bound = { status: 201, body: { [name]: value } }
      const { client } = scripted([found([]), bound, bound, found([permission]), bound])
      await client.cachedCatalog()
      const issues = [{ pointer: `/${name}`, message: `needs ${permission} in requires of the offering`, requirement }]
      const malformed = { code: 'MALFORMED_RESPONSE', issues, orphanMitigation: 'binding' }
      await expect(client.bind(binding)).rejects.toMatchObject(malformed)
      await expect(client.bind({ ...binding, service_id: 'another' })).resolves.toMatchObject({ outcome: 'created' })
      await client.cachedCatalog()
      expect(await client.bind(binding)).toMatchObject({ outcome: 'created' })
    },
  )
})

it('GETI-12, GETB-10, UNB-22, DEP-21: a failure makes a ledger forget nothing', async () => {
  const written: LedgerEntry[] = []
  const ledger = { write: (entry: LedgerEntry) => void written.push(entry) }
  const { client } = scripted(Array<Scripted>(4).fill({ status: 500 }), { ledger })
  for (const call of ['fetchInstance', 'fetchBinding', 'unbind', 'deprovision'] as const)
    await failureOf(client[call](binding))
  expect(written).toEqual([])
})
