import { describe, expect, it, vi } from 'vitest'
import { binding, catalog, fakeBroker, instance, provisionBody, send } from '../../test/support/wire.js'

const statusOf = async (line: string, body?: object) => (await send(fakeBroker(), line, { body })).status

describe('binds', () => {
  it.each([
    ['the offering is', 'open', 'open-small', 201],
    ['the offering is, but the plan is not', 'open', 'open-large', 400],
    ['the offering is not', 'shut', 'shut-small', 400],
    ['the offering is not, but the plan is', 'shut', 'shut-large', 201],
  ])('BIND-02, T28: bindable if %s', async (_case, service_id, plan_id, status) => {
    expect(await statusOf(`PUT ${binding}`, { service_id, plan_id })).toBe(status)
  })

  it.each(['DELETE', 'GET'])('%s of a binding does not ask whether the plan is bindable now', async (method) => {
    expect(await statusOf(`${method} ${binding}?service_id=open&plan_id=open-large`)).toBe(200)
  })
})

describe('rotations', () => {
  const predecessor_binding_id = 'b0'

  it('ROT-03, A6: reach the back end with and without offering and plan', async () => {
    const bind = vi.fn(async () => ({ outcome: 'created', body: {} }) as const)
    const broker = fakeBroker({ bind })
    await send(broker, `PUT ${binding}`, { body: { predecessor_binding_id } })
    await send(broker, `PUT ${binding}`, { body: { ...provisionBody, predecessor_binding_id } })
    const common = { instance_id: 'i1', binding_id: 'b1', accepts_incomplete: false, predecessor_binding_id }
    expect(bind.mock.calls.map(([call]: readonly unknown[]) => call)).toEqual([common, { ...common, ...provisionBody }])
  })

  it('ROT-02, A7: are refused with 400 where the plan does not declare them', async () => {
    const body = { service_id: 'shut', plan_id: 'shut-large', predecessor_binding_id }
    expect(await statusOf(`PUT ${binding}`, body)).toBe(400)
  })
})

describe('updates', () => {
  const update = (service_id: string, plan_id: string | undefined, before: string | undefined, more: object = {}) =>
    statusOf(`PATCH ${instance}`, { service_id, plan_id, previous_values: { plan_id: before }, ...more })

  it.each([
    ['the offering allows it', 'open', 'open-large', 'open-small', 200],
    ['the plan forbids it', 'open', 'open-small', 'open-large', 422],
    ['the offering does not allow it', 'shut', 'shut-large', 'shut-small', 422],
    ['the plan allows it', 'shut', 'shut-small', 'shut-large', 200],
    ['the plan of before is not known', 'shut', 'shut-small', 'retired', 200],
    ['the plan of before is not told', 'shut', 'shut-small', undefined, 200],
  ])('UPD-03, UPD-07, T28: of the plan, where %s', async (_case, service_id, plan_id, before, status) => {
    expect(await update(service_id, plan_id, before)).toBe(status)
  })

  it('UPD-06: of parameters, though the plan cannot be changed', async () => {
    expect(await update('shut', undefined, undefined, { parameters: {} })).toBe(200)
    expect(await update('shut', 'shut-small', 'shut-small', { parameters: {} })).toBe(200)
  })

  it('UPD-02, T38: of the context alone only where the catalog says so', async () => {
    const context = { platform: 'cloudfoundry', instance_name: 'new' }
    expect(await update('open', 'open-small', 'open-small', { context })).toBe(200)
    expect(await update('shut', 'shut-small', 'shut-small', { context })).toBe(422)
    expect(await update('shut', undefined, undefined, { context })).toBe(422)
    expect(await update('shut', undefined, undefined, { context, parameters: {} })).toBe(200)
  })
})

describe('maintenance info', () => {
  const conflict = { status: 422, body: { error: 'MaintenanceInfoConflict' } }
  const put = (maintenance_info: object, plan_id = 'open-small') =>
    send(fakeBroker(), `PUT ${instance}`, { body: { service_id: 'open', plan_id, maintenance_info } })

  it('MNT-07, PROV-22: is compared by the text of its version', async () => {
    expect((await put({ version: '1.0.0' })).status).toBe(201)
    for (const version of ['1.0.1', '1.0.0+build', '1.0']) expect(await put({ version })).toMatchObject(conflict)
    expect(await put({ version: '1.0.0' }, 'open-large')).toMatchObject(conflict)
  })

  it('MNT-06, MNT-09: is compared by nothing else', async () => {
    expect((await put({ version: '1.0.0', description: 'another', more: 1 })).status).toBe(201)
  })

  it('MNT-10, UPD-32: is compared for updates that name a plan, the others are left to the back end', async () => {
    const patch = (plan_id?: string) =>
      send(fakeBroker(), `PATCH ${instance}`, {
        body: { service_id: 'open', plan_id, maintenance_info: { version: '2.0.0' } },
      })
    expect(await patch('open-small')).toMatchObject(conflict)
    expect((await patch()).status).toBe(200)
  })

  it('EXT-03: is no matter of binds', async () => {
    expect(await statusOf(`PUT ${binding}`, { ...provisionBody, maintenance_info: { version: '9' } })).toBe(201)
  })
})

describe('fetches', () => {
  it.each([
    [`GET ${instance}?service_id=open`, 200],
    [`GET ${instance}?service_id=shut`, 404],
    [`GET ${instance}`, 200],
    [`GET ${binding}?service_id=open`, 200],
    [`GET ${binding}?service_id=shut`, 404],
    [`GET ${binding}`, 200],
  ])('A17: %s gives %i', async (line, status) => {
    expect(await statusOf(line)).toBe(status)
  })

  it('A17: give 404 without a hint where nothing is retrievable', async () => {
    const broker = fakeBroker({
      catalog: async () => ({ outcome: 'found', body: { services: catalog.services.slice(1) } }),
    })
    expect((await send(broker, `GET ${instance}`)).status).toBe(404)
  })
})
