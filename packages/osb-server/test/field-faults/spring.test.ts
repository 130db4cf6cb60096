import { describe, expect, vi } from 'vitest'
import { noAuth } from '../../src/auth/no-auth.js'
import { createBroker } from '../../src/lifecycle/create-broker.js'
import { defineOffering } from '../../src/offering/define-offering.js'
import { definePlan } from '../../src/offering/define-plan.js'
import { memoryStore } from '../../src/stores/memory-store.js'
import { createBrokerFromBackend } from '../../src/wire/create-broker-from-backend.js'
import { notHere, put, quiet } from '../support/field-faults.js'
import { testBroker } from '../support/test-broker.js'
import { binding, fakeBackend, fakeBroker, ids, instance, send } from '../support/wire.js'

const version = (text: string | undefined) => ({ headers: { 'X-Broker-API-Version': text } })

const openTo = { auth: noAuth(), onError: () => undefined }

/** The offering of the test broker in a later version, in which the plan of before is retired. */
const retired = (deprovision: () => Promise<void>) =>
  defineOffering({
    id: 'service',
    name: 'mysql',
    description: 'MySQL',
    bindable: false,
    plans: [
      definePlan({ id: 'plan-small', name: 'small', description: 'Small', retired: true }),
      definePlan({ id: 'other', name: 'other', description: 'Other' }),
    ],
    provision: async () => {},
    deprovision,
  })

describe('spring-cloud-open-service-broker 4.3', () => {
  notHere([
    [
      'SPR 1, ServiceInstanceController',
      'last_operation of an unknown instance is 400 with an empty state',
      async () => {
        expect(await testBroker().poll('none')).toMatchObject({ status: 404, body: { error: 'NotFound' } })
      },
    ],
    [
      'SPR 2, ApiVersionInterceptor',
      'versions are compared for equality, so that a broker of 2.16 refuses a platform of 2.17',
      async () => {
        const broker = fakeBroker({}, { minimumApiVersion: '2.16' })
        for (const [text, status] of Object.entries({ '2.15': 412, '2.16': 200, '2.17': 200, '2.99': 200, '3.0': 412 }))
          expect((await send(broker, 'GET /v2/catalog', version(text))).status).toBe(status)
        expect((await send(broker, 'GET /v2/catalog', version(undefined))).status).toBe(400)
      },
    ],
    [
      'SPR 3',
      'a bad identity header, and a bind or update of an unknown instance, are 422 without a code',
      async () => {
        const headers = { 'X-Broker-API-Originating-Identity': 'cloudfoundry e30=x' }
        expect(await put(fakeBroker(), undefined, headers)).toMatchObject({ status: 400 })
        const { bind, update } = testBroker()
        expect(await bind('none', 'b')).toMatchObject({ status: 404, body: { error: 'NotFound' } })
        expect(await update('none', { parameters: {} })).toMatchObject({ status: 404, body: { error: 'NotFound' } })
      },
    ],
    [
      'SPR 4, spring-cloud-open-service-broker#329',
      'the message of any exception is the answer',
      async () => {
        const broker = fakeBroker({ fetchInstance: () => Promise.reject(new Error('jdbc:hunter2')) }, quiet)
        const answer = await send(broker, `GET ${instance}`)
        expect(answer.status).toBe(500)
        expect(JSON.stringify(answer.body)).not.toContain('hunter2')
      },
    ],
    [
      'SPR 5',
      'who forgets the login leaves an open broker',
      async () => {
        const forgotten = {} as Parameters<typeof createBrokerFromBackend>[1]
        expect(() => createBrokerFromBackend(fakeBackend(), forgotten)).toThrow(/auth/)
        const options = { offerings: [], store: memoryStore() } as unknown as Parameters<typeof createBroker>[0]
        expect(() => createBroker(options)).toThrow(/auth/)
      },
    ],
    [
      'SPR 6, as in PY and SAP',
      'what was made of a plan that has left the catalog can never be deleted',
      async () => {
        for (const path of [instance, binding])
          for (const gone of ['service_id=open&plan_id=gone', 'service_id=gone&plan_id=gone'])
            expect(await send(fakeBroker(), `DELETE ${path}?${gone}`)).toMatchObject({ status: 200, body: {} })
        const before = testBroker()
        await before.provision('i')
        const deprovision = vi.fn(async () => {})
        const later = createBroker({ ...openTo, store: before.store, offerings: [retired(deprovision)] })
        expect((await send(later, 'GET /v2/catalog')).body).toMatchObject({ services: [{ plans: [{ id: 'other' }] }] })
        const line = 'DELETE /v2/service_instances/i?service_id=service&plan_id=plan-small'
        expect((await send(later, line)).status).toBe(200)
        expect(deprovision).toHaveBeenCalledTimes(1)
        await later.close()
      },
    ],
    [
      'SPR 7',
      'an author who returns nothing makes a 201 or 200 without a body',
      async () => {
        const nothing = async () => undefined as never
        const { provision, update, bind, unbind, deprovision } = testBroker({
          provision: nothing,
          update: nothing,
          bind: nothing,
        })
        expect(await provision('i')).toMatchObject({ status: 201, body: {} })
        expect(await update('i', { parameters: { size: 1 } })).toMatchObject({ status: 200, body: {} })
        expect(await bind('i', 'b')).toMatchObject({ status: 201, body: {} })
        for (const answer of [await unbind('i', 'b'), await deprovision('i')]) {
          expect(answer).toMatchObject({ status: 200, body: {} })
          expect(answer.headers.get('content-type')).toBe('application/json')
        }
      },
    ],
    [
      'SPR 8, CreateServiceInstanceAppBindingResponse',
      'credentials are written to the log',
      async () => {
        const [onRequest, onOutcome, onError] = [vi.fn(), vi.fn(), vi.fn()]
        const { provision, bind } = testBroker(
          { bind: async () => ({ credentials: { password: 'hunter2' } }) },
          { onRequest, onOutcome, onError },
        )
        await provision('i')
        expect(JSON.stringify((await bind('i', 'b')).body)).toContain('hunter2')
        const heard = [onRequest, onOutcome, onError].flatMap((hook) => hook.mock.calls)
        expect(heard.length).toBeGreaterThan(0)
        expect(JSON.stringify(heard)).not.toContain('hunter2')
      },
    ],
    [
      'SPR 9',
      '404 to a fetch and 410 to a delete have no body',
      async () => {
        const { send: ask } = testBroker()
        for (const [line, status] of [
          [`GET ${instance}`, 404],
          [`GET ${binding}`, 404],
          [`DELETE ${instance}?${ids}`, 410],
          [`DELETE ${binding}?${ids}`, 410],
        ] as const) {
          const [method = '', path = ''] = line.split(' ')
          const answer = await ask(method, path)
          expect(answer.status).toBe(status)
          expect(answer.headers.get('content-type')).toBe('application/json')
        }
      },
    ],
  ])
})
