import { describe, expect } from 'vitest'
import { basicAuth } from '../../src/auth/basic-auth.js'
import { OsbError } from '../../src/errors.js'
import { cloudFoundryUser, noting, notHere, put, quiet } from '../support/field-faults.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'
import { binding, catalog, fakeBroker, ids, instance, provisionBody, send } from '../support/wire.js'

const versioned = (text: string) => ({ headers: { 'X-Broker-API-Version': text } })
const identity = (text: string) => ({ 'X-Broker-API-Originating-Identity': text })
const login = (username: string, password: string) => ({ authorization: `Basic ${btoa(`${username}:${password}`)}` })

describe('TypedRest/OpenServiceBroker', () => {
  notHere([
    [
      'CS 1, CatalogController',
      'If-Modified-Since is read the wrong way round: an older copy is called up to date',
      async () => {
        const headers = { 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }
        const answer = await send(fakeBroker(), 'GET /v2/catalog', { headers })
        expect(answer).toMatchObject({ status: 200, body: catalog })
        const known = { 'If-None-Match': answer.headers.get('etag') ?? '' }
        expect((await send(fakeBroker(), 'GET /v2/catalog', { headers: known })).status).toBe(304)
        expect((await send(fakeBroker(), 'GET /v2/catalog', { headers: { 'If-None-Match': '"old"' } })).status).toBe(
          200,
        )
      },
    ],
    [
      'CS 2, BrokerControllerBase.CheckApiVersion',
      'a higher minor is 412, a malformed version 500',
      async () => {
        for (const [text, status] of Object.entries({ '2.17': 200, '2.18': 200, '2.999': 200, two: 400, '2': 400 }))
          expect((await send(fakeBroker(), 'GET /v2/catalog', versioned(text))).status).toBe(status)
      },
    ],
    [
      'CS 3',
      'a malformed identity is a 500 without an error object',
      async () => {
        for (const text of ['cloudfoundry', 'cloudfoundry %%%', 'cloudfoundry W10=', ' e30='])
          expect(await put(fakeBroker(), undefined, identity(text))).toMatchObject({
            status: 400,
            body: { error: 'BadRequest', description: expect.any(String) },
          })
      },
    ],
    [
      'CS 4',
      'last_operation of a broker that only blocks is a 500',
      async () => {
        const { provision, poll } = testBroker()
        await provision('i')
        expect(await poll('i')).toMatchObject({ status: 200, body: { state: 'succeeded' } })
      },
    ],
    [
      'CS 5',
      'errors that are not the framework’s own are no error object',
      async () => {
        const broker = fakeBroker({ unbind: () => Promise.reject(new TypeError('x')) }, quiet)
        const answer = await send(broker, `DELETE ${binding}?${ids}`)
        expect(answer).toMatchObject({ status: 500, body: { error: 'InternalError', description: expect.any(String) } })
      },
    ],
    [
      'CS 6',
      'a fetch loses the hints and who asks, a binding its endpoints and metadata',
      async () => {
        const body = {
          endpoints: [{ host: 'h', ports: ['1'] }],
          metadata: { expires_at: '2030-01-31T12:00:00.0Z' },
        }
        const { own, asked } = noting('fetchBinding', { outcome: 'found', body })
        const answer = await send(fakeBroker(own), `GET ${binding}?${ids}`, { headers: cloudFoundryUser })
        expect(answer.body).toEqual(body)
        const [call, { originatingIdentity }] = asked()
        expect(call).toMatchObject({ service_id: 'open', plan_id: 'open-small' })
        expect(originatingIdentity).toMatchObject({ platform: 'cloudfoundry', value: { user_id: 'u' } })
      },
    ],
  ])
})

describe('pmorie/osb-broker-lib', () => {
  notHere([
    [
      'PM 1, unpackLastOperationRequest',
      'the author of a poll never gets the operation, the offering and the plan',
      async () => {
        const { own, asked } = noting('lastInstanceOperation', { outcome: 'found', body: { state: 'in progress' } })
        await send(fakeBroker(own), `GET ${instance}/last_operation?${ids}&operation=a%2Fb%20c`)
        expect(asked()[0]).toMatchObject({ service_id: 'open', plan_id: 'open-small', operation: 'a/b c' })
      },
    ],
    [
      'PM 2, cloud_controller_ng#877',
      'the poll of a binding is 400 without an identity, which Cloud Foundry leaves out',
      async () => {
        expect((await send(fakeBroker(), `GET ${binding}/last_operation`)).status).toBe(200)
      },
    ],
    [
      'PM 3',
      'bind does not read accepts_incomplete, and unbind is always 200',
      async () => {
        const work = gate<object>()
        const { provision, bind, unbind, pollToEnd } = testBroker({
          bind: () => work.passed,
          unbind: async () => void (await work.passed),
        })
        await provision('i')
        expect((await bind('i', 'b', {}, incomplete)).status).toBe(202)
        expect((await unbind('i', 'b', incomplete)).status).toBe(202)
        work.open({})
        await pollToEnd('i/service_bindings/b')
      },
    ],
    [
      'PM 4',
      'malformed JSON in bind or update is a 500, which starts orphan mitigation',
      async () => {
        for (const line of [`PUT ${binding}`, `PATCH ${instance}`])
          expect((await send(fakeBroker(), line, { body: '{' })).status).toBe(400)
      },
    ],
    [
      'PM 5',
      'instances cannot be fetched, and a back end that answers nothing ends the request badly',
      async () => {
        const body = { service_id: 'open' }
        const { own } = noting('fetchInstance', { outcome: 'found', body })
        expect(await send(fakeBroker(own), `GET ${instance}`)).toMatchObject({ status: 200, body })
        for (const outcome of [undefined, null, {}]) {
          const nothing = noting('lastInstanceOperation', outcome)
          const answer = await send(fakeBroker(nothing.own, quiet), `GET ${instance}/last_operation`)
          expect(answer).toMatchObject({ status: 500, body: { error: 'InternalError' } })
        }
      },
    ],
  ])
})

describe('@sap/sbf 6.11 (as it behaves)', () => {
  notHere([
    [
      'SAP 1',
      'an instance_id in the body or the query takes the place of the one in the path',
      async () => {
        const { own, asked } = noting('bind', { outcome: 'created', body: {} })
        const body = { ...provisionBody, instance_id: 'stolen', binding_id: 'stolen', accepts_incomplete: true }
        await send(fakeBroker(own), `PUT ${binding}?instance_id=stolen&binding_id=stolen`, { body })
        expect(asked()[0]).toMatchObject({ instance_id: 'i1', binding_id: 'b1', accepts_incomplete: false })
      },
    ],
    [
      'SAP 2',
      'AsyncRequired, ConcurrencyError, MaintenanceInfoConflict and RequiresApp never reach the platform',
      async () => {
        for (const error of [
          OsbError.asyncRequired(),
          OsbError.concurrency('busy'),
          OsbError.maintenanceInfoConflict('old'),
          OsbError.requiresApp(),
        ]) {
          const broker = fakeBroker({ provision: () => Promise.reject(error) })
          expect(await put(broker)).toMatchObject({ status: 422, body: { error: error.code } })
        }
      },
    ],
    [
      'SAP 3',
      'a repeat of a provision can never be 200',
      async () => {
        const { provision } = testBroker()
        await provision('i')
        expect((await provision('i')).status).toBe(200)
      },
    ],
    [
      'SAP 4',
      'WWW-Authenticate is on answers that succeed and not on the 401',
      async () => {
        const broker = fakeBroker({}, { auth: basicAuth({ username: 'u', password: 'p' }) })
        const right = await send(broker, 'GET /v2/catalog', { headers: login('u', 'p') })
        expect(right.headers.has('www-authenticate')).toBe(false)
        const wrong = await send(broker, 'GET /v2/catalog', { headers: login('u', 'x') })
        expect(wrong.headers.has('www-authenticate')).toBe(true)
      },
    ],
    [
      'SAP 5',
      'the platform’s name is lost from the identity, and the request identity is not echoed',
      async () => {
        const { own, asked } = noting('provision', { outcome: 'created', body: {} })
        const headers = { ...cloudFoundryUser, 'X-Broker-API-Request-Identity': 'r-1' }
        const answer = await put(fakeBroker(own), undefined, headers)
        expect(answer.headers.get('x-broker-api-request-identity')).toBe('r-1')
        expect(asked()[1].originatingIdentity?.platform).toBe('cloudfoundry')
        expect((await put(fakeBroker(), undefined, identity('x cloudfoundry e30='))).status).toBe(400)
      },
    ],
    [
      'SAP 6',
      'an old binding cannot be deleted when its plan is no longer bindable',
      async () => {
        const answer = await send(fakeBroker(), `DELETE ${binding}?service_id=shut&plan_id=shut-small`)
        expect(answer).toMatchObject({ status: 200, body: {} })
      },
    ],
    [
      'SAP 7',
      'parameters and maintenance_info are not looked at',
      async () => {
        const { provision } = testBroker()
        expect((await provision('i', { parameters: { size: 'big' } })).status).toBe(400)
        const old = { maintenance_info: { version: '0.1.0' } }
        expect(await provision('i', old)).toMatchObject({ status: 422, body: { error: 'MaintenanceInfoConflict' } })
      },
    ],
    [
      'SAP 8',
      'user names are compared without regard to case',
      async () => {
        const broker = fakeBroker({}, { auth: basicAuth({ username: 'Admin', password: 'p' }) })
        expect((await send(broker, 'GET /v2/catalog', { headers: login('admin', 'p') })).status).toBe(401)
        expect((await send(broker, 'GET /v2/catalog', { headers: login('Admin', 'p') })).status).toBe(200)
      },
    ],
  ])
})

describe('evoila/osb-core', () => {
  notHere([
    [
      'EVO 1, HeaderCheckFilter',
      'a request of a wrong version is answered 412 and carried out all the same',
      async () => {
        const { own, calls } = noting('provision', { outcome: 'created', body: {} })
        const headers = { 'X-Broker-API-Version': '1.0' }
        expect((await put(fakeBroker(own), undefined, headers)).status).toBe(412)
        expect(calls()).toBe(0)
      },
    ],
    [
      'EVO 2',
      'AsyncRequired has no code, and a 400 is plain text',
      async () => {
        const { provision } = testBroker({}, { properties: { async: 'always' } })
        expect(await provision('i')).toMatchObject({ status: 422, body: { error: 'AsyncRequired' } })
        const wrong = await provision('i', { service_id: '' })
        expect(wrong).toMatchObject({ status: 400, body: { error: 'BadRequest' } })
        expect(wrong.headers.get('content-type')).toBe('application/json')
      },
    ],
    [
      'EVO 3',
      'update and deprovision are always 202, and the 410 has odd content',
      async () => {
        const { provision, update, deprovision } = testBroker()
        await provision('i')
        expect((await update('i', { parameters: { size: 1 } }, incomplete)).status).toBe(200)
        expect((await deprovision('i', incomplete)).status).toBe(200)
        expect(await deprovision('i', incomplete)).toMatchObject({ status: 410, body: {} })
      },
    ],
  ])
})

describe('meshcloud/unipipe-service-broker', () => {
  notHere([
    [
      'UNI 1',
      'a second provision of an id overwrites the first',
      async () => {
        const { provision, send: ask } = testBroker()
        await provision('i', { parameters: { size: 1 } })
        expect((await provision('i', { parameters: { size: 2 } })).status).toBe(409)
        expect((await ask('GET', '/v2/service_instances/i')).body).toMatchObject({ parameters: { size: 1 } })
      },
    ],
    [
      'UNI 2',
      'updates are not validated',
      async () => {
        const { provision, update } = testBroker()
        await provision('i')
        expect((await update('i', { parameters: { size: 'big' } })).status).toBe(400)
      },
    ],
    [
      'UNI 3',
      'a delete that failed is answered 202 when it is sent again, and never tried again',
      async () => {
        let failures = 1
        const { provision, deprovision, pollToEnd } = testBroker({
          deprovision: async () => {
            if (failures-- > 0) throw new Error('not now')
          },
        })
        await provision('i')
        expect((await deprovision('i')).status).toBe(500)
        expect((await pollToEnd('i')).body['state']).toBe('failed')
        expect((await deprovision('i')).status).toBe(200)
        expect((await deprovision('i')).status).toBe(410)
      },
    ],
  ])
})

describe('IBM/onboarding-osb-node', () => {
  notHere([
    [
      'IBM 1',
      'a provision is always 200',
      async () => {
        expect((await testBroker().provision('i')).status).toBe(201)
      },
    ],
    [
      'IBM 2',
      'the error is an object instead of a word',
      async () => {
        expect((await send(fakeBroker(), 'GET /v2/nothing')).body).toMatchObject({ error: 'NotFound' })
      },
    ],
    [
      'IBM 3',
      'the version is not checked, and the catalog can be written',
      async () => {
        expect((await send(fakeBroker(), 'GET /v2/catalog', versioned('1.0'))).status).toBe(412)
        const answer = await send(fakeBroker(), 'PUT /v2/catalog', { body: {} })
        expect(answer.status).toBe(405)
        expect(answer.headers.get('allow')).toBe('GET, HEAD')
      },
    ],
  ])
})
