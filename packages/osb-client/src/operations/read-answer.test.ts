import { type OperationName, orphanMitigation, type OrphanMitigation, type RequestEnding } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { isBrokerResponseError } from '../errors/broker-response-error.js'
import { isMalformedResponseError } from '../errors/malformed-response-error.js'
import type { BodyFault, WireAnswer } from '../transport/transport.js'
import { type AnyOutcome, type Asked, readAnswer } from './read-answer.js'

const nowMs = Date.UTC(2026, 0, 1)

function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): WireAnswer {
  return {
    status,
    header: (name) => headers[name],
    body: { text: typeof body === 'string' ? body : JSON.stringify(body) },
  }
}

function read(operation: OperationName, answer: WireAnswer, asked: Partial<Asked> = {}): AnyOutcome {
  const defaults = {
    requestIdentity: 'r',
    acceptsIncomplete: true,
    conditional: false,
    redact: String,
    nowMs,
    mitigationOf: (end: RequestEnding) => orphanMitigation(operation, end),
  }
  return readAnswer({ operation, ...defaults, ...asked }, answer).outcome
}

function failureOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const catalog = { services: [] }

describe('readAnswer', () => {
  it.each([
    ['CAT-11', 'catalog', 200, catalog, 'found'],
    ['PROV-12', 'provision', 200, { dashboard_url: null }, 'exists'],
    ['PROV-13', 'provision', 201, {}, 'created'],
    ['PROV-14', 'provision', 202, { operation: 'o', dashboard_url: 'https://d' }, 'accepted'],
    ['PROV-31', 'provision', 202, { dashboard_url: 'https://d' }, 'accepted'],
    ['GETI-08', 'fetchInstance', 200, { parameters: {} }, 'found'],
    ['UPD-22', 'update', 200, {}, 'updated'],
    ['UPD-24', 'update', 202, { operation: 'o' }, 'accepted'],
    ['DEP-10', 'deprovision', 200, {}, 'deleted'],
    ['DEP-11', 'deprovision', 202, { operation: 'o' }, 'accepted'],
    ['DEP-16', 'deprovision', 410, { description: 'gone' }, 'gone'],
    ['LOI-08', 'lastInstanceOperation', 200, { state: 'failed' }, 'found'],
    ['LOI-13', 'lastInstanceOperation', 410, {}, 'gone'],
    ['BIND-22', 'bind', 200, { credentials: { a: 1 } }, 'exists'],
    ['BIND-23', 'bind', 201, { credentials: { a: 1 } }, 'created'],
    ['BIND-24', 'bind', 202, {}, 'accepted'],
    ['GETB-07', 'fetchBinding', 200, { credentials: {}, parameters: {} }, 'found'],
    ['UNB-11', 'unbind', 200, {}, 'deleted'],
    ['UNB-12', 'unbind', 202, {}, 'accepted'],
    ['UNB-17', 'unbind', 410, {}, 'gone'],
    ['LOB-10', 'lastBindingOperation', 200, { state: 'in progress' }, 'found'],
    ['LOB-15', 'lastBindingOperation', 410, {}, 'gone'],
  ] as const)('%s: reads %s %i', (_id, operation, status, body, outcome) => {
    expect(read(operation, answerOf(status, body))).toMatchObject({ outcome, body })
  })

  it('EXT-03: gives the body as it is on the wire', () => {
    const text = '{"x-vendor":{"b":1,"a":[null]},"dashboard_url":"https://d"}'
    expect(JSON.stringify(read('provision', answerOf(201, text)).body)).toBe(text)
  })

  it('T09: takes 410 with an empty body or anything else for gone', () => {
    for (const text of ['', 'Gone', '[]']) {
      expect(read('deprovision', answerOf(410, text))).toEqual({ outcome: 'gone', body: {} })
    }
  })

  it('A12: takes an empty or null operation for none', () => {
    for (const operation of ['', null])
      expect(read('bind', answerOf(202, { operation, x: 1 }))).toMatchObject({ outcome: 'accepted', body: { x: 1 } })
  })

  it('CAT-10: gives the ETag, and reads 304 where one was sent', () => {
    expect(read('catalog', answerOf(200, catalog, { ETag: '"e"' }))).toMatchObject({ etag: '"e"' })
    expect(read('catalog', answerOf(304, ''), { conditional: true })).toMatchObject({ outcome: 'unchanged' })
    expect(failureOf(() => read('catalog', answerOf(304, '')))).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      issues: [{ requirement: 'CAT-10' }],
    })
  })

  it.each([
    ['30', 30],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['soon', undefined],
  ])('LOI-25, T22: reads Retry-After %j', (value, retryAfterSeconds) => {
    const headers = { 'Retry-After': value }
    const answer = answerOf(200, { state: 'in progress' }, headers)
    expect(read('lastInstanceOperation', answer).retryAfterSeconds).toBe(retryAfterSeconds)
    expect(read('bind', answerOf(202, {}, headers)).retryAfterSeconds).toBe(retryAfterSeconds)
    expect(read('provision', answerOf(201, {}, headers))).not.toHaveProperty('retryAfterSeconds')
  })
})

describe('a status that is no success', () => {
  it.each([
    ['ORPH-19', 'provision', 409, 'none'],
    ['ORPH-18', 'provision', 408, 'none'],
    ['ORPH-20', 'provision', 500, 'instance'],
    ['ORPH-20', 'deprovision', 503, 'instance'],
    ['ORPH-21', 'bind', 502, 'binding'],
    ['ORPH-21', 'unbind', 500, 'binding'],
    ['ORPH-22', 'update', 500, 'none'],
    ['ORPH-15, T09', 'deprovision', 204, 'instance'],
    ['ORPH-16', 'bind', 203, 'binding'],
    ['ORPH-17', 'update', 206, 'none'],
    ['ORPH-09, UPD-34', 'update', 201, 'none'],
    ['GETI-09', 'fetchInstance', 404, 'none'],
    ['LOI-14 is for the poller: as a call', 'fetchBinding', 410, 'none'],
    ['a redirect', 'provision', 302, 'none'],
  ] as [string, OperationName, number, OrphanMitigation][])(
    '%s: %s %i is a BrokerResponseError',
    (_id, operation, status, orphanMitigation) => {
      const error = failureOf(() => read(operation, answerOf(status, { error: 'Word', description: 'why' })))
      expect(isBrokerResponseError(error)).toBe(true)
      expect(error).toMatchObject({
        code: 'BROKER_RESPONSE',
        operation,
        status,
        requestIdentity: 'r',
        orphanMitigation,
        body: { error: 'Word', description: 'why' },
        message: expect.stringContaining(`the broker answered ${status} Word: why`) as unknown,
      })
    },
  )

  it('ERR-03, ERR-04: keeps what is right of an error object that is partly wrong', () => {
    const body = { error: '', description: 'why', instance_usable: 'no', 'x-id': 7 }
    const error = failureOf(() => read('update', answerOf(422, body)))
    expect(error).toMatchObject({
      body: { description: 'why', 'x-id': 7 },
      message: 'update: the broker answered 422: why',
    })
    expect((error as { body: object }).body).not.toHaveProperty('instance_usable')
  })

  it.each(['', '<html>', '[]', '"text"'])('has no body when the answer holds %j', (text) => {
    expect(failureOf(() => read('bind', answerOf(500, text)))).toMatchObject({
      body: undefined,
      message: 'bind: the broker answered 500',
    })
  })

  it('says that redirects are not followed', () => {
    expect(failureOf(() => read('catalog', answerOf(301, '')))).toMatchObject({
      message: 'catalog: the broker answered 301; the redirect is not followed',
    })
  })
})

describe('an answer that is not to the specification', () => {
  it.each([
    ['ORPH-06', 'provision', 200, { dashboard_url: 1 }, 'none', '/dashboard_url', 'PROV-28'],
    ['ORPH-10', 'provision', 201, { dashboard_url: 1 }, 'instance', '/dashboard_url', 'PROV-28'],
    ['ORPH-11', 'bind', 201, { credentials: 'x' }, 'binding', '/credentials', undefined],
    ['ORPH-13', 'provision', 202, { operation: 1 }, 'instance', '/operation', 'PROV-32'],
    ['ORPH-14', 'bind', 202, { operation: 1 }, 'binding', '/operation', 'BIND-40'],
    ['ORPH-06', 'update', 202, { operation: 1 }, 'none', '/operation', 'UPD-46'],
    ['LOI-17', 'lastInstanceOperation', 200, { state: 'in_progress' }, 'none', '/state', 'LOI-17'],
    [
      'CAT-25',
      'catalog',
      200,
      { services: [{ id: 'a', name: 'a', description: 'a', plans: [] }] },
      'none',
      '/services/0/bindable',
      'CAT-25',
    ],
    ['DEP-10', 'deprovision', 200, '', 'none', '', 'DEP-10'],
    ['a text', 'provision', 201, 'created', 'instance', '', undefined],
    ['an array', 'bind', 201, [], 'binding', '', undefined],
  ] as const)('%s: %s %i', (_id, operation, status, body, orphanMitigation, pointer, requirement) => {
    const error = failureOf(() => read(operation, answerOf(status, body)))
    expect(isMalformedResponseError(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      operation,
      status,
      requestIdentity: 'r',
      orphanMitigation,
    })
    if (!isMalformedResponseError(error)) return
    expect(error.issues[0]).toMatchObject({ pointer, requirement })
    expect(error.message).toContain(`the answer ${status} is not to the specification`)
  })

  it.each([
    ['provision', 'instance'],
    ['bind', 'binding'],
    ['update', 'none'],
    ['deprovision', 'none'],
    ['unbind', 'none'],
  ] as const)('SYN-10, T11: an unasked 202 to %s is malformed', (operation, orphanMitigation) => {
    const answer = answerOf(202, { operation: 'o' })
    expect(failureOf(() => read(operation, answer, { acceptsIncomplete: false }))).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      status: 202,
      orphanMitigation,
      issues: [{ pointer: '', requirement: 'SYN-10' }],
    })
  })

  it.each(['cut off', 'too large', 'not UTF-8'] as BodyFault[])('tells that the body is %s', (fault) => {
    const answer = { status: 201, header: () => undefined, body: { fault } }
    expect(failureOf(() => read('provision', answer))).toMatchObject({
      orphanMitigation: 'instance',
      issues: [{ pointer: '', message: `has a body that is ${fault}` }],
    })
  })

  it.each([
    ['', 'has an empty body in place of a JSON object'],
    ['{', 'has a body that is not JSON'],
    ['null', 'has a body that is not a JSON object'],
  ])('tells what is wrong with the body %j', (text, message) => {
    expect(failureOf(() => read('unbind', answerOf(200, text)))).toMatchObject({
      issues: [{ pointer: '', message, requirement: 'UNB-11' }],
    })
  })

  it('names three faults in the message and all in `issues`', () => {
    const error = failureOf(() => read('catalog', answerOf(200, { services: [{}] })))
    expect(error).toMatchObject({ message: expect.stringMatching(/CAT-20.*and \d more$/) as unknown })
    expect((error as { issues: unknown[] }).issues.length).toBeGreaterThan(3)
  })
})

describe('a lenient reader', () => {
  const lenient = { lenient: true }
  const reading = (operation: OperationName, answer: WireAnswer) =>
    readAnswer({ operation, ...always, mitigationOf: () => 'none', lenient: true }, answer)
  const always = { requestIdentity: 'r', acceptsIncomplete: true, conditional: false, redact: String, nowMs }

  it('takes an answer with faults that leave it usable, as it is, and tells them', () => {
    const body = { credentials: { a: 1 }, endpoints: [{ host: 'h', ports: [3306] }], metadata: { expires_at: 'soon' } }
    const { outcome, findings } = reading('bind', answerOf(201, body))
    expect(outcome).toEqual({ outcome: 'created', body })
    expect(findings).toEqual([
      expect.objectContaining({ pointer: '/metadata/expires_at', requirement: 'BMD-02' }),
      expect.objectContaining({ pointer: '/endpoints/0/ports/0', requirement: 'END-02' }),
    ])
    const catalogBody = { services: [{ id: 's', name: 'n', plans: [] }] }
    const found = reading('catalog', answerOf(200, catalogBody))
    expect(found.outcome).toMatchObject({ outcome: 'found', body: catalogBody })
    expect(found.findings.map(({ requirement }) => requirement)).toEqual(['CAT-23', 'CAT-25', 'CAT-28'])
  })

  it('has nothing to tell of a proper answer, unknown fields included (EXT-03, EXT-04)', () => {
    expect(reading('provision', answerOf(201, { 'x-own': 1 })).findings).toEqual([])
  })

  it.each<[string, OperationName, WireAnswer]>([
    ['no JSON', 'provision', answerOf(201, '<html>')],
    ['no object', 'bind', answerOf(201, [])],
    ['a catalog without offerings', 'catalog', answerOf(200, {})],
    ['a poll without a state', 'lastInstanceOperation', answerOf(200, {})],
    ['an unknown state', 'lastBindingOperation', answerOf(200, { state: 'in_progress' })],
    ['an operation that is no text', 'provision', answerOf(202, { operation: 7 })],
  ])('cannot use %s', (_name, operation, answer) => {
    expect(isMalformedResponseError(failureOf(() => read(operation, answer, lenient)))).toBe(true)
  })

  it('SYN-10: does not take an asynchronous answer that was not asked for', () => {
    const error = failureOf(() => read('provision', answerOf(202, {}), { ...lenient, acceptsIncomplete: false }))
    expect(error).toMatchObject({ issues: [{ requirement: 'SYN-10' }], orphanMitigation: 'instance' })
  })
})
