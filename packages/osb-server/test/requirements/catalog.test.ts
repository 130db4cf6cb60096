import { describe, expect, it, vi } from 'vitest'
import type { Catalog } from 'osb-protocol'
import { createBroker } from '../../src/lifecycle/create-broker.js'
import { noAuth } from '../../src/auth/no-auth.js'
import { defineOffering } from '../../src/offering/define-offering.js'
import { definePlan } from '../../src/offering/define-plan.js'
import { memoryStore } from '../../src/stores/memory-store.js'
import { binding, fakeBroker, instance, send } from '../support/wire.js'

const plan = { id: 'p', name: 'small', description: 'd' }
const offering = { id: 'o', name: 'db', description: 'd', bindable: true, plans: [plan] }
type Fields = Record<string, unknown>

const serving = (services: Fields[], onError: () => void = () => undefined) =>
  fakeBroker({ catalog: async () => ({ outcome: 'found', body: { services } as unknown as Catalog }) }, { onError })
const withOffering = (fields: Fields) => [{ ...offering, ...fields }]
const withPlan = (fields: Fields) => withOffering({ plans: [{ ...plan, ...fields }] })

describe('a catalog that breaks a rule is never sent, and the hook hears which', () => {
  it.each([
    ['CAT-17', 'an offering without name', withOffering({ name: undefined })],
    ['CAT-17', 'an offering with an empty name', withOffering({ name: '' })],
    ['CAT-20', 'an offering without id', withOffering({ id: undefined })],
    ['CAT-20', 'an offering with an empty id', withOffering({ id: '' })],
    ['CAT-23', 'an offering without description', withOffering({ description: undefined })],
    ['CAT-23', 'an offering with an empty description', withOffering({ description: '' })],
    ['CAT-24', 'an offering that requires what there is not', withOffering({ requires: ['volume_mounts'] })],
    ['CAT-25', 'an offering that does not say whether it is bindable', withOffering({ bindable: undefined })],
    ['CAT-28', 'an offering without plans', withOffering({ plans: [] })],
    ['CAT-28', 'an offering that leaves out plans', withOffering({ plans: undefined })],
    ['CAT-29', 'a plan without id', withPlan({ id: undefined })],
    ['CAT-29', 'a plan with an empty id', withPlan({ id: '' })],
    ['CAT-32', 'a plan without name', withPlan({ name: undefined })],
    ['CAT-32', 'a plan with an empty name', withPlan({ name: '' })],
    ['CAT-35', 'a plan without description', withPlan({ description: undefined })],
    ['CAT-35', 'a plan with an empty description', withPlan({ description: '' })],
    ['CAT-41', 'maintenance_info without version', withPlan({ maintenance_info: { description: 'd' } })],
    ['CEX-02', 'a dashboard client without id', withOffering({ dashboard_client: { secret: 's' } })],
    ['CEX-02', 'a dashboard client with an empty id', withOffering({ dashboard_client: { id: '', secret: 's' } })],
    ['CEX-03', 'a dashboard client without secret', withOffering({ dashboard_client: { id: 'c' } })],
    ['CEX-03', 'a dashboard client with an empty secret', withOffering({ dashboard_client: { id: 'c', secret: '' } })],
  ])('%s: %s', async (rule, _case, services) => {
    const onError = vi.fn()
    expect((await send(serving(services, onError), 'GET /v2/catalog')).status).toBe(500)
    expect(String(onError.mock.calls[0]?.[0])).toContain(rule)
  })
})

it('CAT-15: services is an array, also of a broker that offers nothing', async () => {
  expect((await send(serving([]), 'GET /v2/catalog')).body).toEqual({ services: [] })
})

describe('what a plan leaves out', () => {
  it.each([
    [true, undefined, 201],
    [true, false, 400],
    [false, undefined, 400],
    [false, true, 201],
  ])('CAT-37: offering bindable %s, plan %s: a bind gives %i', async (ofOffering, ofPlan, status) => {
    const broker = serving([{ ...offering, bindable: ofOffering, plans: [{ ...plan, bindable: ofPlan }] }])
    const answer = await send(broker, `PUT ${binding}`, { body: { service_id: 'o', plan_id: 'p' } })
    expect(answer.status).toBe(status)
  })

  it.each([
    [undefined, undefined, 422],
    [true, undefined, 200],
    [true, false, 422],
    [false, true, 200],
  ])(
    'CAT-39, CAT-27: offering plan_updateable %s, plan %s: a change of plan gives %i',
    async (ofOffering, ofPlan, status) => {
      const plans = [
        { ...plan, plan_updateable: ofPlan },
        { ...plan, id: 'q', name: 'large' },
      ]
      const broker = serving([{ ...offering, plan_updateable: ofOffering, plans }])
      const body = { service_id: 'o', plan_id: 'q', previous_values: { plan_id: 'p' } }
      expect((await send(broker, `PATCH ${instance}`, { body })).status).toBe(status)
    },
  )
})

const metadata = { displayName: 'A database', costs: [{ amount: { eur: 1 }, unit: 'MONTHLY' }], shareable: true }
const dashboard_client = { id: 'c', secret: 's', redirect_uri: 'https://dashboard' }

/** The offering as the catalog shows it. */
async function declared() {
  const small = definePlan({
    id: 'p',
    name: 'small',
    description: 'd',
    metadata,
    plan_updateable: true,
    binding_rotatable: true,
    maximum_polling_duration: 60,
    maintenance_info: { version: '1.0.0+build', description: 'restarts the server' },
  })
  const broker = createBroker({
    offerings: [
      defineOffering({
        id: 'o',
        name: 'db',
        description: 'd',
        bindable: true,
        plan_updateable: false,
        allow_context_updates: true,
        requires: ['syslog_drain', 'route_forwarding', 'volume_mount'],
        dashboard_client,
        metadata,
        plans: [small],
        provision: async () => {},
        update: async () => ({}),
        deprovision: async () => {},
        bind: async () => ({}),
        unbind: async () => {},
      }),
    ],
    auth: noAuth(),
    store: memoryStore(),
  })
  const { body } = await send(broker, 'GET /v2/catalog')
  await broker.close()
  const [service] = (body as Catalog).services
  const [sent] = service!.plans
  return { service: service!, plan: sent! }
}

describe('what is declared stands in the catalog', () => {
  it('BIND-03, CAT-27, UPD-02, RTE-01: what an offering allows and requires', async () => {
    const { service } = await declared()
    expect(service).toMatchObject({ bindable: true, plan_updateable: false, allow_context_updates: true })
    expect(service.requires).toEqual(['syslog_drain', 'route_forwarding', 'volume_mount'])
  })

  it('UPD-03, ROT-01, POL-02, CAT-41: what a plan allows, its limit and its version', async () => {
    const { plan: sent } = await declared()
    expect(sent).toMatchObject({ plan_updateable: true, binding_rotatable: true, maximum_polling_duration: 60 })
    expect(sent.maintenance_info).toEqual({ version: '1.0.0+build', description: 'restarts the server' })
  })

  it('CEX-01, CEX-04, SMD-04: metadata and the dashboard client, as they are', async () => {
    const { service, plan: sent } = await declared()
    expect(service).toMatchObject({ metadata, dashboard_client })
    expect(sent.metadata).toEqual(metadata)
  })
})
