import { describe, expect, vi } from 'vitest'
import type { Catalog } from 'osb-protocol'
import { basicAuth } from '../../src/auth/basic-auth.js'
import { OsbError } from '../../src/errors.js'
import { noting, notHere, put, quiet } from '../support/field-faults.js'
import { incomplete, gate, testBroker } from '../support/test-broker.js'
import { binding, fakeBroker, ids, instance, provisionBody, send } from '../support/wire.js'

const hunter2 = { parameters: { password: 'hunter2' } }

describe('cloudfoundry/brokerapi v13', () => {
  notHere([
    [
      'GO 1, middlewares/api_version_header.go',
      'the 412 has a key Description instead of description',
      async () => {
        const answer = await send(fakeBroker(), 'GET /v2/catalog', { headers: { 'X-Broker-API-Version': '1.0' } })
        expect(answer).toMatchObject({ status: 412, body: { description: expect.any(String) } })
        expect(answer.body).not.toHaveProperty('Description')
      },
    ],
    [
      'GO 2, handlers/provision.go',
      'a plan of another offering is accepted',
      async () => {
        expect((await put(fakeBroker(), { service_id: 'open', plan_id: 'shut-small' })).status).toBe(400)
      },
    ],
    [
      'GO 3',
      'malformed JSON is 422 without a code',
      async () => {
        for (const line of [`PUT ${instance}`, `PATCH ${instance}`, `PUT ${binding}`])
          expect((await send(fakeBroker(), line, { body: '{"service_id":' })).status).toBe(400)
      },
    ],
    [
      'GO 4',
      'bind and update do not look whether there is such an offering and plan',
      async () => {
        for (const line of [`PATCH ${instance}`, `PUT ${binding}`])
          for (const body of [
            { service_id: 'none', plan_id: 'open-small' },
            { service_id: 'open', plan_id: 'none' },
          ])
            expect((await send(fakeBroker(), line, { body })).status).toBe(400)
      },
    ],
    [
      'GO 5',
      'a fetch or a poll of a provision or update of what does not exist is 410 instead of 404',
      async () => {
        const { poll, send: ask } = testBroker()
        expect((await ask('GET', instance)).status).toBe(404)
        for (const operation of [undefined, 'create-1', 'update-1'])
          expect((await poll('i1', operation)).status).toBe(404)
      },
    ],
    [
      'GO 6',
      'the 401 is plain text, without WWW-Authenticate and request identity',
      async () => {
        const broker = fakeBroker({}, { auth: basicAuth({ username: 'u', password: 'p' }) })
        const headers = { 'X-Broker-API-Request-Identity': 'r-1' }
        const answer = await send(broker, 'GET /v2/catalog', { headers })
        expect(answer).toMatchObject({ status: 401, body: { error: 'Unauthorized' } })
        expect(answer.headers.get('content-type')).toBe('application/json')
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
        expect(answer.headers.get('x-broker-api-request-identity')).toBe('r-1')
      },
    ],
    [
      'GO 7',
      'a catalog that cannot be had is swallowed, and the provision is a misleading 400',
      async () => {
        const onError = vi.fn()
        const broken = new Error('the database is away')
        const answer = await put(fakeBroker({ catalog: () => Promise.reject(broken) }, { onError }))
        expect(answer.status).toBe(500)
        expect(onError).toHaveBeenCalledWith(broken, expect.objectContaining({ operation: 'provision' }))
      },
    ],
    [
      'GO 8',
      'the parameters are written to the log when a provision fails',
      async () => {
        const write = vi.spyOn(console, 'error').mockImplementation(() => undefined)
        const onOutcome = vi.fn()
        await put(fakeBroker({ provision: () => Promise.reject(new Error('no')) }, { onOutcome }), {
          ...provisionBody,
          ...hunter2,
        })
        expect(write).toHaveBeenCalled()
        expect(JSON.stringify([write.mock.calls, onOutcome.mock.calls])).not.toContain('hunter2')
        write.mockRestore()
      },
    ],
    [
      'GO 9',
      'the text of an unexpected error goes to the end user',
      async () => {
        const broker = fakeBroker({ provision: () => Promise.reject(new Error('10.0.0.7 refused')) }, quiet)
        expect(JSON.stringify((await put(broker)).body)).not.toContain('10.0.0.7')
      },
    ],
    [
      'GO 10',
      'accepts_incomplete is read differently by update than by the others',
      async () => {
        const cases = [
          ['provision', `PUT ${instance}?`, { outcome: 'created', body: {} }],
          ['update', `PATCH ${instance}?`, { outcome: 'updated', body: {} }],
          ['deprovision', `DELETE ${instance}?${ids}&`, { outcome: 'deleted', body: {} }],
          ['bind', `PUT ${binding}?`, { outcome: 'created', body: {} }],
          ['unbind', `DELETE ${binding}?${ids}&`, { outcome: 'deleted', body: {} }],
        ] as const
        for (const [name, line, outcome] of cases)
          for (const [value, meant] of Object.entries({ true: true, '1': false, t: false, TRUE: false, '': false })) {
            const { own, asked } = noting(name, outcome)
            const init = line.startsWith('D') ? {} : { body: provisionBody }
            await send(fakeBroker(own), `${line}accepts_incomplete=${value}`, init)
            expect(asked()[0]['accepts_incomplete']).toBe(meant)
          }
      },
    ],
    [
      'GO 11',
      'there is no instance_usable, update_repeatable, Retry-After, rotation; a quota is a 500',
      async () => {
        const failed = { state: 'failed', instance_usable: false, update_repeatable: false } as const
        const poll = fakeBroker({
          lastInstanceOperation: async () => ({ outcome: 'found', body: failed, retryAfterSeconds: 7 }),
        })
        const polled = await send(poll, `GET ${instance}/last_operation`)
        expect(polled.body).toEqual(failed)
        expect(polled.headers.get('retry-after')).toBe('7')
        const { own, asked } = noting('bind', { outcome: 'created', body: {} })
        await send(fakeBroker(own), `PUT ${binding}`, { body: { ...provisionBody, predecessor_binding_id: 'b0' } })
        expect(asked()[0]['predecessor_binding_id']).toBe('b0')
        const full = fakeBroker({ provision: () => Promise.reject(OsbError.unprocessable('the quota is used up')) })
        expect(await put(full)).toMatchObject({ status: 422, body: { description: 'the quota is used up' } })
      },
    ],
    [
      'GO 12',
      'bodies are read without limit, and empty schemas are sent',
      async () => {
        expect((await put(fakeBroker(), JSON.stringify(provisionBody).padEnd(2_000_000))).status).toBe(413)
        const { send: ask } = testBroker()
        const { services } = (await ask('GET', '/v2/catalog')).body as unknown as Catalog
        const [small, large] = services[0]!.plans
        expect(small).toHaveProperty('schemas.service_instance.create.parameters')
        expect(large).not.toHaveProperty('schemas')
      },
    ],
  ])
})

describe('cloudfoundry/cloud-service-broker', () => {
  notHere([
    [
      'CSB 1, ErrConcurrencyError',
      'the 422 lacks "error": "ConcurrencyError"',
      async () => {
        const broker = fakeBroker({ update: () => Promise.reject(OsbError.concurrency('busy')) })
        const answer = await send(broker, `PATCH ${instance}`, { body: provisionBody })
        expect(answer).toMatchObject({ status: 422, body: { error: 'ConcurrencyError' } })
      },
    ],
    [
      'CSB 2',
      'an identical provision or bind is 409, never 200 or 202',
      async () => {
        const work = gate()
        const { provision, bind, pollToEnd } = testBroker({
          provision: async ({ instance_id }) => {
            if (instance_id === 'slow') await work.passed
            return { state: { host: 'h' } }
          },
        })
        expect((await provision('i')).status).toBe(201)
        expect((await provision('i')).status).toBe(200)
        expect((await bind('i', 'b')).status).toBe(201)
        expect((await bind('i', 'b')).status).toBe(200)
        expect((await provision('slow', {}, incomplete)).status).toBe(202)
        expect((await provision('slow', {}, incomplete)).status).toBe(202)
        work.open()
        await pollToEnd('slow')
      },
    ],
    [
      'CSB 3',
      'requests with their raw parameters are logged',
      async () => {
        const [onRequest, onOutcome] = [vi.fn(), vi.fn()]
        await put(fakeBroker({}, { onRequest, onOutcome }), { ...provisionBody, ...hunter2 })
        expect(onRequest).toHaveBeenCalled()
        expect(JSON.stringify([onRequest.mock.calls, onOutcome.mock.calls])).not.toContain('hunter2')
      },
    ],
    [
      'CSB 4',
      'what is made is written down only afterwards, so that a fault in between leaves it unknown',
      async () => {
        const work = gate()
        const { store, provision, deprovision, pollToEnd } = testBroker({
          provision: async () => {
            const { instance: record } = await store.read({ tenant: '', instance_id: 'i' })
            expect(record?.status).toBe('creating')
            await work.passed
            throw new Error('lost')
          },
        })
        await provision('i', {}, incomplete)
        work.open()
        expect((await pollToEnd('i')).body['state']).toBe('failed')
        expect((await deprovision('i')).status).toBe(200)
      },
    ],
  ])
})
