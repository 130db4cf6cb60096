import { describe, expect, it, vi } from 'vitest'
import { OsbError } from '../../src/errors.js'
import { binding, fakeBroker, ids, instance, provisionBody, send } from '../support/wire.js'
import { testBroker } from '../support/test-broker.js'

const rejects = (error: OsbError) => () => Promise.reject(error)
const body = provisionBody

describe('ERR-02: the status is the one that the specification names', () => {
  it.each([
    ['a provision of an id that has other attributes', 409, OsbError.conflict('taken')],
    ['a provision that can only be asynchronous', 422, OsbError.asyncRequired()],
    ['a provision that another operation stands in the way of', 422, OsbError.concurrency('busy')],
  ])('%s: %i', async (_case, status, error) => {
    const answer = await send(fakeBroker({ provision: rejects(error) }), `PUT ${instance}`, { body })
    expect(answer.status).toBe(status)
  })

  it.each([
    ['a fetch of an unknown instance', `GET ${instance}`, 404],
    ['a fetch of an unknown binding', `GET ${binding}`, 404],
    ['a poll of an unknown instance', `GET ${instance}/last_operation`, 404],
    ['a poll of an unknown binding', `GET ${binding}/last_operation`, 404],
    ['a deprovision of an unknown instance', `DELETE ${instance}?service_id=service&plan_id=plan-small`, 410],
    ['an unbind of an unknown binding', `DELETE ${binding}?service_id=service&plan_id=plan-small`, 410],
    ['a provision without a body', `PUT ${instance}`, 400],
    ['a deprovision without the plan', `DELETE ${instance}?service_id=service`, 400],
  ])('%s: %s', async (_case, line, status) => {
    expect((await send(testBroker().broker, line)).status).toBe(status)
  })
})

it.each([
  ['AsyncRequired', OsbError.asyncRequired()],
  ['ConcurrencyError', OsbError.concurrency('busy')],
  ['RequiresApp', OsbError.requiresApp()],
  ['MaintenanceInfoConflict', OsbError.maintenanceInfoConflict('fetch the catalog again')],
])('ERR-08: %s is told as 422 with this word', async (word, error) => {
  const answer = await send(fakeBroker({ bind: rejects(error) }), `PUT ${binding}`, { body })
  expect(answer).toMatchObject({ status: 422, body: { error: word } })
})

it('ERR-03, ERR-04: error and description are texts with something in them, whatever goes wrong', async () => {
  const faulty = fakeBroker({ provision: rejects(new OsbError({ code: 'Conflict', status: 409, description: '' })) })
  const requests: [string, { body?: unknown; headers?: Record<string, string | undefined> }][] = [
    [`PUT ${instance}`, { body }],
    [`PUT ${instance}`, { body: '{' }],
    [`PUT ${instance}`, { body: { ...body, parameters: 1 } }],
    [`POST ${instance}`, { body }],
    ['GET /v2/nothing', {}],
    ['GET /v2/catalog', { headers: { 'X-Broker-API-Version': undefined } }],
    ['GET /v2/catalog', { headers: { 'X-Broker-API-Version': '1.0' } }],
    ['GET /v2/catalog', { headers: { 'X-Broker-API-Originating-Identity': 'cloudfoundry' } }],
    [`DELETE ${instance}`, {}],
    ['GET /v2/service_instances/%', {}],
  ]
  for (const [line, init] of requests) {
    const answer = await send(faulty, line, init)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).toMatchObject({ error: expect.stringMatching(/^[A-Z][A-Za-z]+$/) })
    expect((answer.body as { description?: string }).description).not.toBe('')
  }
})

it('ERR-04: a description that is empty is left out', async () => {
  const error = new OsbError({ code: 'Conflict', status: 409, description: '' })
  const answer = await send(fakeBroker({ provision: rejects(error) }), `PUT ${instance}`, { body })
  expect(answer).toMatchObject({ status: 409, body: { error: 'Conflict' } })
  expect(answer.body).not.toHaveProperty('description')
})

it('ERR-14: a 5xx leaves what was there: the instance and its binding can still be fetched', async () => {
  const broken = async () => {
    throw new Error('the machine is on fire')
  }
  const {
    provision,
    update,
    bind,
    unbind,
    deprovision,
    send: ask,
  } = testBroker({
    update: broken,
    unbind: broken,
    deprovision: broken,
  })
  await provision('i', { parameters: { size: 1 } })
  const { body: bound } = await bind('i', 'b')
  const before = await ask('GET', '/v2/service_instances/i')
  expect((await update('i', { parameters: { size: 2 } })).status).toBe(500)
  expect((await unbind('i', 'b')).status).toBe(500)
  expect(await ask('GET', '/v2/service_instances/i/service_bindings/b')).toMatchObject({ status: 200, body: bound })
  expect((await deprovision('i')).status).toBe(500)
  expect(await ask('GET', '/v2/service_instances/i')).toMatchObject({ status: 200, body: before.body })
})

it('RID-03: the request identity goes to the hooks, for the log', async () => {
  const onError = vi.fn()
  const broker = fakeBroker({ unbind: () => Promise.reject(new Error('x')) }, { onError })
  await send(broker, `DELETE ${binding}?${ids}`, { headers: { 'X-Broker-API-Request-Identity': 'request-7' } })
  expect(onError).toHaveBeenCalledWith(expect.any(Error), expect.objectContaining({ requestIdentity: 'request-7' }))
})
