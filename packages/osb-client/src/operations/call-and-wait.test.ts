import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeClock } from '../testing/fake-clock.js'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import { isOperationFailedError } from '../errors/operation-failed-error.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const accepted = { status: 202, body: { operation: 'op 1', dashboard_url: 'https://d' } }
const inProgress = { status: 200, body: { state: 'in progress', description: '50 %' } }
const succeeded = { status: 200, body: { state: 'succeeded' } }
const failed = {
  status: 200,
  body: { state: 'failed', description: 'no space', instance_usable: false, update_repeatable: false },
}

function scripted(...answers: Scripted[]) {
  const { fetch, seen } = scriptedFetch(...answers)
  const clock = fakeClock()
  const polling = { startIntervalMs: 1000, maximumPollingMs: 60_000 }
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, polling, clock })
  return {
    client,
    clock,
    seen,
    lines: () => seen.map(({ method, path }) => `${method} ${path.replace('/v2/service_instances', '')}`),
  }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('provisionAndWait', () => {
  it.each([
    [201, 'created'],
    [200, 'exists'],
  ])('takes a synchronous %i as it is', async (status, outcome) => {
    const { client, lines } = scripted({ status, body: { dashboard_url: 'https://d' } })
    expect(await client.provisionAndWait(instance)).toEqual({ outcome, body: { dashboard_url: 'https://d' } })
    expect(lines()).toEqual(['PUT /i?accepts_incomplete=true'])
  })

  it('SYN-14, LOI-05, LOI-07: polls with offering, plan and operation until it succeeded', async () => {
    const { client, lines } = scripted(accepted, inProgress, succeeded)
    const progress: unknown[] = []
    const done = await client.provisionAndWait(instance, {
      onProgress: ({ description }) => void progress.push(description),
    })
    expect(done).toEqual({
      outcome: 'created',
      body: { dashboard_url: 'https://d' },
      lastOperation: { state: 'succeeded' },
    })
    const poll = 'GET /i/last_operation?service_id=s&plan_id=p&operation=op%201'
    expect(lines()).toEqual(['PUT /i?accepts_incomplete=true', poll, poll])
    expect(progress).toEqual(['50 %', undefined])
  })

  it('PROV-31: polls without operation where the 202 had none', async () => {
    const { client, lines } = scripted({ status: 202, body: { operation: null } }, succeeded)
    await client.provisionAndWait(instance)
    expect(lines()[1]).toBe('GET /i/last_operation?service_id=s&plan_id=p')
  })

  it('RID-07, OID-02: sends the originating identity with every request, and a new request identity', async () => {
    const { client, seen } = scripted(accepted, succeeded)
    await client.provisionAndWait(instance, { originatingIdentity: { platform: 'x', value: {} } })
    expect(new Set(seen.map(({ headers }) => headers['X-Broker-API-Originating-Identity']))).toEqual(
      new Set(['x e30=']),
    )
    expect(new Set(seen.map(({ headers }) => headers['X-Broker-API-Request-Identity'])).size).toBe(2)
  })

  it('ORPH-07: a failed operation says what to delete and what the broker said', async () => {
    const { client, seen } = scripted(accepted, failed)
    const error = await failureOf(client.provisionAndWait(instance))
    expect(error).toMatchObject({
      code: 'OPERATION_FAILED',
      operation: 'provision',
      reason: 'failed',
      orphanMitigation: 'instance',
      requestIdentity: seen[0]?.headers['X-Broker-API-Request-Identity'],
      lastOperation: failed.body,
      message: 'provision: the operation failed: no space',
    })
  })

  it('POL-05: out of time counts as failed', async () => {
    const { client, clock } = scripted(accepted, ...Array<Scripted>(40).fill(new Error('refused')))
    const error = await failureOf(client.provisionAndWait(instance, { maximumPollingMs: 5000 }))
    expect(error).toMatchObject({
      code: 'OPERATION_FAILED',
      reason: 'out-of-time',
      orphanMitigation: 'instance',
      lastOperation: undefined,
      cause: { code: 'BROKER_UNREACHABLE', operation: 'lastInstanceOperation' },
    })
    expect(clock.now()).toBe(5000)
  })

  it('SYN-10: a call that forbids asynchronous work is not sent with accepts_incomplete', async () => {
    const { client, lines } = scripted({ status: 422, body: { error: 'AsyncRequired' } })
    const error = await failureOf(client.provisionAndWait({ ...instance, accepts_incomplete: false }))
    expect(error).toMatchObject({ code: 'BROKER_RESPONSE', body: { error: 'AsyncRequired' } })
    expect(lines()).toEqual(['PUT /i'])
  })
})

describe('updateAndWait', () => {
  it('LOI-04, T17: polls with the plan from before the update', async () => {
    const { client, lines } = scripted(accepted, succeeded)
    const done = await client.updateAndWait({ ...instance, plan_id: 'large', previous_values: { plan_id: 'small' } })
    expect(done).toMatchObject({ outcome: 'updated', body: { dashboard_url: 'https://d' } })
    expect(lines()).toEqual([
      'PATCH /i?accepts_incomplete=true',
      'GET /i/last_operation?service_id=s&plan_id=small&operation=op%201',
    ])
  })

  it('LOI-04: polls without a plan when the old one is not known', async () => {
    const { client, lines } = scripted(accepted, succeeded)
    await client.updateAndWait({ ...instance, plan_id: 'large' })
    expect(lines()[1]).toBe('GET /i/last_operation?service_id=s&operation=op%201')
  })

  it('ORPH-07, UPD-38: a failed update deletes nothing, and tells the state of the instance', async () => {
    const error = await failureOf(scripted(accepted, failed).client.updateAndWait(instance))
    expect(error).toMatchObject({ orphanMitigation: 'none', instance_usable: false, update_repeatable: false })
  })
})

describe('deprovisionAndWait and unbindAndWait', () => {
  it.each([
    ['DEP-10: deleted at once', [{ status: 200 }], 'deleted'],
    ['DEP-16: not there', [{ status: 410, body: '' }], 'gone'],
    ['LOI-19: deleted in time', [{ status: 202 }, inProgress, succeeded], 'deleted'],
    ['LOI-13: not there any more', [{ status: 202 }, inProgress, { status: 410 }], 'gone'],
    ['A4: not there any more', [{ status: 202 }, { status: 404, body: {} }], 'gone'],
  ])('%s', async (_name, answers, outcome) => {
    expect(await scripted(...answers).client.deprovisionAndWait(instance)).toMatchObject({ outcome })
    const { client, lines } = scripted(...answers)
    expect(await client.unbindAndWait(binding)).toMatchObject({ outcome })
    expect(lines()[0]).toBe('DELETE /i/service_bindings/b?service_id=s&plan_id=p&accepts_incomplete=true')
    if (answers.length > 1) expect(lines()[1]).toBe('GET /i/service_bindings/b/last_operation?service_id=s&plan_id=p')
  })

  it('ORPH-07, ORPH-08: a delete that failed asks for another', async () => {
    const answers = [{ status: 202 }, failed]
    expect(await failureOf(scripted(...answers).client.deprovisionAndWait(instance))).toMatchObject({
      operation: 'deprovision',
      orphanMitigation: 'instance',
    })
    expect(await failureOf(scripted(...answers).client.unbindAndWait(binding))).toMatchObject({
      operation: 'unbind',
      orphanMitigation: 'binding',
    })
  })
})

describe('bindAndWait', () => {
  const credentials = { uri: 'mysql://u:hunter2@h', port: '3306' }
  const schema = z.object({ uri: z.string(), port: z.coerce.number() })

  it('takes a synchronous answer as it is', async () => {
    const { client, lines } = scripted({ status: 201, body: { credentials } })
    expect(await client.bindAndWait(binding)).toEqual({ outcome: 'created', body: { credentials }, credentials })
    expect(lines()).toEqual(['PUT /i/service_bindings/b?accepts_incomplete=true'])
  })

  it('LOB-01, BIND-39, LOB-06: after an asynchronous bind the binding is fetched', async () => {
    const { client, lines } = scripted(accepted, inProgress, succeeded, { status: 200, body: { credentials } })
    expect(await client.bindAndWait(binding, { credentials: schema })).toMatchObject({
      outcome: 'created',
      credentials: { uri: credentials.uri, port: 3306 },
      body: { credentials },
      lastOperation: { state: 'succeeded' },
    })
    const poll = 'GET /i/service_bindings/b/last_operation?service_id=s&plan_id=p&operation=op%201'
    const fetched = 'GET /i/service_bindings/b?service_id=s&plan_id=p'
    expect(lines().slice(1)).toEqual([poll, poll, fetched])
  })

  it('ORPH-08: a failed bind says to delete the binding', async () => {
    const error = await failureOf(scripted(accepted, failed).client.bindAndWait(binding))
    expect(isOperationFailedError(error) && error.orphanMitigation).toBe('binding')
  })

  it('GETB-09: a binding that cannot be fetched is an error of the fetch, and none of the binding', async () => {
    const error = await failureOf(scripted(accepted, succeeded, { status: 404 }).client.bindAndWait(binding))
    expect(error).toMatchObject({ code: 'BROKER_RESPONSE', operation: 'fetchBinding', orphanMitigation: 'none' })
  })

  it('tells where the credentials do not fit the schema, and not what they are', async () => {
    const { client } = scripted({ status: 201, body: { credentials: { uri: 7, port: 'hunter2' } } })
    const error = await failureOf(client.bindAndWait(binding, { credentials: schema }))
    expect(error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      operation: 'bind',
      orphanMitigation: 'none',
      pointers: ['/uri', '/port'],
      message: 'bind: the credentials do not fit the given schema: /uri, /port',
    })
  })
})

it('every wait ends with the reason of the signal', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const options = { signal: controller.signal, onProgress: () => controller.abort(reason) }
  await expect(scripted(accepted, inProgress).client.provisionAndWait(instance, options)).rejects.toBe(reason)
})
