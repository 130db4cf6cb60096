import { describe, expect, it, vi } from 'vitest'
import {
  binding,
  catalog,
  fakeBackend,
  fakeBroker,
  ids,
  instance,
  provisionBody,
  send,
} from '../../test/support/wire.js'
import { noAuth } from '../auth/no-auth.js'
import type { BrokerBackend } from '../backend.js'
import { OsbError } from '../errors.js'
import { assembleBroker } from './assemble-broker.js'

const lines = {
  provision: `PUT ${instance}?accepts_incomplete=true`,
  fetchInstance: `GET ${instance}`,
  update: `PATCH ${instance}?accepts_incomplete=true`,
  deprovision: `DELETE ${instance}?accepts_incomplete=true&${ids}`,
  lastInstanceOperation: `GET ${instance}/last_operation`,
  bind: `PUT ${binding}?accepts_incomplete=true`,
  fetchBinding: `GET ${binding}?${ids}`,
  unbind: `DELETE ${binding}?accepts_incomplete=true&${ids}`,
  lastBindingOperation: `GET ${binding}/last_operation`,
} as const
type Name = keyof typeof lines

const answerTo = (
  name: Name,
  outcome: object | null,
  onError?: (error: unknown) => void,
  line: string = lines[name],
) => {
  const own = { [name]: async () => outcome } as Partial<BrokerBackend>
  const hasBody = /^(PUT|PATCH)/.test(line)
  return send(fakeBroker(own, { onError }), line, hasBody ? { body: provisionBody } : {})
}

describe('outcome and status', () => {
  it.each([
    ['PROV-12', 'provision', 'exists', 200],
    ['PROV-13', 'provision', 'created', 201],
    ['PROV-14', 'provision', 'accepted', 202],
    ['GETI-08', 'fetchInstance', 'found', 200],
    ['UPD-22', 'update', 'updated', 200],
    ['UPD-24', 'update', 'accepted', 202],
    ['DEP-10', 'deprovision', 'deleted', 200],
    ['DEP-11', 'deprovision', 'accepted', 202],
    ['DEP-16', 'deprovision', 'gone', 410],
    ['BIND-22', 'bind', 'exists', 200],
    ['BIND-23', 'bind', 'created', 201],
    ['BIND-24', 'bind', 'accepted', 202],
    ['GETB-07', 'fetchBinding', 'found', 200],
    ['UNB-11', 'unbind', 'deleted', 200],
    ['UNB-12', 'unbind', 'accepted', 202],
    ['UNB-17', 'unbind', 'gone', 410],
  ] as const)('%s: %s %s is %i', async (_id, name, outcome, status) => {
    const answer = await answerTo(name, { outcome, body: { 'x-vendor': 1 } })
    expect(answer).toMatchObject({ status, body: { 'x-vendor': 1 } })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['lastInstanceOperation', 'lastBindingOperation'] as const)('LOI-08, LOB-10: %s', async (name) => {
    const failed = { state: 'failed', description: 'no space' }
    expect(await answerTo(name, { outcome: 'found', body: failed })).toMatchObject({ status: 200, body: failed })
    expect(await answerTo(name, { outcome: 'gone', body: {} })).toMatchObject({ status: 410, body: {} })
  })

  it('LOI-24, LOI-26: Retry-After is a whole number of seconds', async () => {
    const outcome = { outcome: 'found', body: { state: 'in progress' }, retryAfterSeconds: 9.2 }
    expect((await answerTo('lastInstanceOperation', outcome)).headers.get('retry-after')).toBe('10')
    expect(
      (await answerTo('lastInstanceOperation', { ...outcome, retryAfterSeconds: undefined })).headers.has(
        'retry-after',
      ),
    ).toBe(false)
  })

  it('LOI-20, A19: a description is never empty', async () => {
    const answer = await answerTo('lastInstanceOperation', {
      outcome: 'found',
      body: { state: 'in progress', description: '' },
    })
    expect(answer.body).toEqual({ state: 'in progress' })
  })
})

describe('answers that break the protocol are a 500, and the hook hears the rule', () => {
  const [open] = catalog.services
  it.each([
    ['BIND-26', 'bind', { outcome: 'accepted', body: { operation: 'o', credentials: { password: 'hunter2' } } }],
    ['BIND-40', 'bind', { outcome: 'accepted', body: { operation: 'x'.repeat(10_001) } }],
    ['PROV-32', 'provision', { outcome: 'accepted', body: { operation: 'x'.repeat(10_001) } }],
    ['DEP-26', 'deprovision', { outcome: 'accepted', body: { operation: 'x'.repeat(10_001) } }],
    ['UNB-25', 'unbind', { outcome: 'accepted', body: { operation: '' } }],
    ['UPD-46', 'update', { outcome: 'accepted', body: { operation: null } }],
    ['PROV-28', 'provision', { outcome: 'created', body: { dashboard_url: 7 } }],
    ['BIND-45', 'bind', { outcome: 'created', body: { syslog_drain_url: 'syslog://hunter2' } }],
    ['BIND-48', 'bind', { outcome: 'exists', body: { route_service_url: 'https://hunter2' } }],
    ['GETB-15', 'fetchBinding', { outcome: 'found', body: { syslog_drain_url: 'syslog://hunter2' } }],
    ['BMD-02', 'bind', { outcome: 'created', body: { metadata: { expires_at: '2025-01-01T00:00:00Z' } } }],
    ['END-02', 'bind', { outcome: 'created', body: { endpoints: [{ host: 'h', ports: [1] }] } }],
    ['LOI-17', 'lastInstanceOperation', { outcome: 'found', body: { state: 'in_progress' } }],
    ['LOI-21', 'lastInstanceOperation', { outcome: 'found', body: { state: 'succeeded', instance_usable: true } }],
    ['LOI-22', 'lastBindingOperation', { outcome: 'found', body: { state: 'failed', update_repeatable: false } }],
    ['DEP-10', 'deprovision', { outcome: 'deleted' }],
    ['UNB-11', 'unbind', { outcome: 'deleted', body: null }],
    ['created', 'provision', { outcome: 'constructor', body: {} }],
    ['created', 'provision', null],
  ] as const)('%s: %s %j', async (rule, name, outcome) => {
    const onError = vi.fn()
    const answer = await answerTo(name, outcome, onError)
    expect(answer).toMatchObject({ status: 500, body: { error: 'InternalError' } })
    expect(String(onError.mock.calls[0]?.[0])).toContain(rule)
    expect(JSON.stringify(answer.body) + String(onError.mock.calls[0]?.[0])).not.toContain('hunter2')
  })

  it('BIND-50, GETB-18, T45: volume mounts, unless the offering requires them', async () => {
    const mount = {
      driver: 'nfs',
      container_dir: '/data',
      mode: 'rw',
      device_type: 'shared',
      device: { volume_id: 'v' },
    }
    const broker = (requires: 'volume_mount'[]) =>
      fakeBroker(
        {
          catalog: async () => ({ outcome: 'found', body: { services: [{ ...open!, requires }] } }),
          bind: async () => ({ outcome: 'created', body: { volume_mounts: [mount] } as never }),
        },
        { onError: () => undefined },
      )
    expect((await send(broker([]), lines.bind, { body: provisionBody })).status).toBe(500)
    expect((await send(broker(['volume_mount']), lines.bind, { body: provisionBody })).status).toBe(201)
  })

  it('SYN-10: 202 to a platform that did not ask for it', async () => {
    const onError = vi.fn()
    const answer = await answerTo('provision', { outcome: 'accepted', body: {} }, onError, `PUT ${instance}`)
    expect(answer.status).toBe(500)
    expect(String(onError.mock.calls[0]?.[0])).toContain('SYN-10')
  })
})

describe('errors', () => {
  const failing = (name: Name, thrown: unknown, onError?: (error: unknown) => void) => {
    const own = { [name]: vi.fn().mockRejectedValue(thrown) } as Partial<BrokerBackend>
    return send(
      fakeBroker(own, { onError }),
      lines[name],
      /^(PUT|PATCH)/.test(lines[name]) ? { body: provisionBody } : {},
    )
  }

  it('are told as the back end threw them', async () => {
    expect(await failing('provision', OsbError.conflict('taken'))).toMatchObject({
      status: 409,
      body: { error: 'Conflict', description: 'taken' },
    })
    const asyncRequired = { status: 422, body: { error: 'AsyncRequired', description: expect.any(String) } }
    expect(await failing('deprovision', OsbError.asyncRequired())).toMatchObject(asyncRequired)
  })

  it.each([new Error('password is hunter2'), 'hunter2', undefined, { status: 404 }])(
    'ERR-01: are a 500 that says nothing when nobody foresaw them (%s)',
    async (thrown) => {
      const onError = vi.fn()
      const answer = await failing('bind', thrown, onError)
      expect(answer.status).toBe(500)
      expect(answer.body).toEqual({
        error: 'InternalError',
        description: 'The broker could not carry out the request.',
      })
      const report = { status: 500, operation: 'bind', instance_id: 'i1', binding_id: 'b1', requestIdentity: undefined }
      expect(onError).toHaveBeenCalledWith(thrown ?? expect.anything(), expect.objectContaining(report))
    },
  )

  it('give the hook the cause that the platform is not told', async () => {
    const cause = new Error('disk is full')
    const onError = vi.fn()
    await failing('update', OsbError.internal(cause), onError)
    expect(onError).toHaveBeenCalledWith(cause, expect.anything())
  })

  it('do not call the hook below 500', async () => {
    const onError = vi.fn()
    await failing('update', OsbError.concurrency('busy'), onError)
    expect(onError).not.toHaveBeenCalled()
  })

  it('are answered though the hook fails', async () => {
    const onError = () => {
      throw new Error('the hook is broken')
    }
    expect((await failing('update', new Error('x'), onError)).status).toBe(500)
  })

  it('are written to the console by default, without the fields of what was thrown', async () => {
    const write = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await failing('update', Object.assign(new Error('disk is full'), { config: { password: 'hunter2' } }))
    expect(write.mock.calls.flat().join()).toContain('disk is full')
    expect(write.mock.calls.flat().join()).not.toContain('hunter2')
    write.mockRestore()
  })

  it('ERR-05, ERR-06, T36: hint at the instance only where that is allowed', async () => {
    const thrown = () => OsbError.unprocessable('no', { instance_usable: false, update_repeatable: false })
    const hints = async (name: Name) => (await failing(name, thrown())).body
    expect(await hints('update')).toMatchObject({ instance_usable: false, update_repeatable: false })
    expect(await hints('deprovision')).toEqual({ error: 'Unprocessable', description: 'no', instance_usable: false })
    for (const name of ['provision', 'bind', 'unbind', 'fetchInstance'] as const)
      expect(await hints(name)).toEqual({ error: 'Unprocessable', description: 'no' })
  })

  it.each([
    { status: 200, headers: {} },
    { status: 99, headers: {} },
    { status: 422, headers: { 'X-Bad': 'a\nb' } },
    { status: 422, headers: { 'no name': 'a' } },
  ])('that cannot be sent are a 500 (%j)', async ({ status, headers }) => {
    const thrown = new OsbError({ code: 'Unprocessable', status, description: 'x', headers })
    expect((await failing('provision', thrown, () => undefined)).status).toBe(500)
  })
})

describe('parameters', () => {
  const required = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) =>
        typeof (value as { size?: unknown }).size === 'number'
          ? { value }
          : { issues: [{ message: 'is missing', path: ['size'] }] },
    },
  } as const
  const definition = { schema: required, jsonSchema: {} }
  const broker = assembleBroker(
    fakeBackend(),
    { auth: noAuth() },
    {
      parametersOf: (_service, plan) =>
        plan === 'open-small' ? { provision: definition, update: definition, bind: definition } : undefined,
    },
  )
  const missing = { status: 400, body: { description: expect.stringContaining('/parameters/size is missing') } }

  it.each([lines.provision, lines.bind])(
    'PROV-11, BIND-16: %s is refused with wrong and with absent ones',
    async (line) => {
      expect(await send(broker, line, { body: provisionBody })).toMatchObject(missing)
      expect(await send(broker, line, { body: { ...provisionBody, parameters: { size: 'x' } } })).toMatchObject(missing)
      expect((await send(broker, line, { body: { ...provisionBody, parameters: { size: 1 } } })).status).toBe(201)
    },
  )

  it('UPD-13, T37: an update is refused with wrong ones, not without', async () => {
    expect(await send(broker, lines.update, { body: { ...provisionBody, parameters: {} } })).toMatchObject(missing)
    expect((await send(broker, lines.update, { body: provisionBody })).status).toBe(200)
    expect((await send(broker, lines.update, { body: { service_id: 'open', parameters: {} } })).status).toBe(200)
  })

  it('are free where the plan declares none', async () => {
    const body = { service_id: 'open', plan_id: 'open-large', parameters: { any: ['thing'] } }
    expect((await send(broker, lines.provision, { body })).status).toBe(201)
  })
})

describe('close', () => {
  it('answers new requests with 503 and waits for those that run', async () => {
    let finish = () => {}
    let begin = () => {}
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const events: string[] = []
    const backend = fakeBackend({
      fetchInstance: async () => {
        begin()
        await new Promise<void>((resolve) => (finish = resolve))
        return { outcome: 'found', body: {} }
      },
    })
    const close = async (answered: Promise<void>) => {
      events.push('closing')
      await answered
      events.push('answered')
    }
    const broker = assembleBroker(backend, { auth: noAuth() }, { close })
    const running = send(broker, lines.fetchInstance).then(({ status }) => events.push(String(status)))
    await begun
    const closed = Promise.all([broker.close(), broker.close()]).then(() => events.push('closed'))
    const refused = await send(broker, 'GET /v2/catalog', { headers: { 'X-Broker-API-Request-Identity': 'r1' } })
    expect(refused).toMatchObject({ status: 503, body: { error: 'Unavailable' } })
    expect(refused.headers.get('x-broker-api-request-identity')).toBe('r1')
    expect(events).toEqual(['closing'])
    finish()
    await Promise.all([running, closed])
    expect(events.filter((event) => event !== '200')).toEqual(['closing', 'answered', 'closed'])
    expect(events).toContain('200')
  })
})
