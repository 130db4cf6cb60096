import type { OperationName } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { judgeAnswer } from './judge-answer.js'
import type { Sent } from './sent.js'

interface Answer {
  readonly status?: number
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly sentHeaders?: Readonly<Record<string, string>>
  readonly operation?: OperationName | undefined
  readonly path?: string
}

function sentWith(answer: Answer): Sent {
  const { status = 200, text = '{}', headers = { 'content-type': 'application/json' }, sentHeaders = {} } = answer
  const { path = '/v2/service_instances/i' } = answer
  const operation = 'operation' in answer ? answer.operation : 'fetchInstance'
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  const header = (name: string) => headers[name.toLowerCase()]
  const common = { label: 'a call', method: 'GET', body: undefined, failure: undefined, durationMs: 1 }
  return { ...common, operation, path, headers: sentHeaders, status, header, text, json }
}

/** The checks that an answer passed and those that it failed, each once. */
function judged(answer: Answer): { readonly passed: readonly string[]; readonly failed: readonly string[] } {
  const results: (readonly [string, boolean])[] = []
  judgeAnswer(sentWith(answer), (check, ok) => results.push([check, ok]))
  const of = (outcome: boolean) => [...new Set(results.filter(([, ok]) => ok === outcome).map(([check]) => check))]
  return { passed: of(true), failed: of(false) }
}

describe('any answer', () => {
  it('is not judged where none came', () => {
    expect(judged({ status: 0, text: '' })).toEqual({ passed: [], failed: [] })
  })

  it.each([
    ['application/json', true],
    ['Application/JSON ; charset=UTF-8', true],
    ['text/html', false],
    ['application/problem+json', false],
    [undefined, false],
  ])('CT-01: of the content type %s', (type, isRight) => {
    const { passed, failed } = judged({ headers: type === undefined ? {} : { 'content-type': type } })
    expect([passed.includes('CT-01'), failed.includes('CT-01')]).toEqual([isRight, !isRight])
  })

  it('CT-01: without a body needs no content type', () => {
    const { passed, failed } = judged({ status: 401, text: '', headers: {} })
    expect([...passed, ...failed]).not.toContain('CT-01')
  })

  it.each([
    [{ 'x-broker-api-request-identity': 'one' }, true],
    [{ 'x-broker-api-request-identity': 'two' }, false],
    [{}, false],
  ])('RID-04: with the headers %j to a request of identity one', (headers, isRight) => {
    const { passed, failed } = judged({ headers, sentHeaders: { 'X-Broker-API-Request-Identity': 'one' } })
    expect([passed.includes('RID-04'), failed.includes('RID-04')]).toEqual([isRight, !isRight])
  })

  it('RID-04: has nothing to echo where the request had no identity', () => {
    const { passed, failed } = judged({})
    expect([...passed, ...failed]).not.toContain('RID-04')
  })

  it('of a path that is none of the specification is judged by its headers and as an error only', () => {
    const { failed } = judged({ operation: undefined, status: 404, text: '{"instance_usable":true,"error":7}' })
    expect(failed).toEqual(['ERR-03'])
  })
})

describe('an error', () => {
  it.each([
    ['{}', []],
    ['', []],
    ['{"error":"Conflict","description":"It is there."}', []],
    ['[]', ['ERR-03']],
    ['"Conflict"', ['ERR-03']],
    ['null', ['ERR-03']],
    ['Conflict', ['ERR-03']],
    ['{"error":""}', ['ERR-03']],
    ['{"error":null}', ['ERR-03']],
    ['{"description":""}', ['ERR-04']],
    ['{"description":["a"]}', ['ERR-04']],
    ['{"update_repeatable":false}', ['ERR-06']],
    ['{"instance_usable":false}', ['ERR-05']],
  ])('ERR-03 to ERR-06: of the body %s', (text, failing) => {
    expect(judged({ status: 409, text, operation: 'provision' }).failed).toEqual(failing)
  })

  it.each([
    ['update', []],
    ['deprovision', ['ERR-06']],
    ['unbind', ['ERR-06', 'ERR-05']],
  ] as const)('ERR-05, ERR-06: of %s may have some hints', (operation, failing) => {
    const text = '{"update_repeatable":true,"instance_usable":true}'
    expect(judged({ status: 422, text, operation }).failed).toEqual(failing)
  })
})

describe('a 202', () => {
  it.each([
    ['?accepts_incomplete=true', true],
    ['?service_id=s&accepts_incomplete=true&plan_id=p', true],
    ['', false],
    ['?accepts_incomplete=false', false],
    ['?accepts_incomplete=trueish', false],
    ['?not_accepts_incomplete=true', false],
  ])('SYN-10: to a request with the query "%s"', (query, isRight) => {
    const path = `/v2/service_instances/i${query}`
    const { passed, failed } = judged({ status: 202, operation: 'deprovision', path })
    expect([passed.includes('SYN-10'), failed.includes('SYN-10')]).toEqual([isRight, !isRight])
  })
})

describe('a poll', () => {
  const poll = (text: string) => judged({ operation: 'lastInstanceOperation', text }).failed

  it('LOI-20 to LOI-22: has a description that says something, and hints of a failure only', () => {
    expect(poll('{"state":"in progress","description":""}')).toEqual(['LOI-20'])
    expect(poll('{"state":"succeeded","instance_usable":false}')).toEqual(['LOI-21'])
    expect(poll('{"state":"in progress","update_repeatable":true}')).toEqual(['LOI-22'])
    expect(poll('{"state":"failed","instance_usable":false,"update_repeatable":true}')).toEqual([])
  })

  it('LOI-17: has a state', () => {
    expect(poll('{}')).toEqual(['LOI-17'])
    expect(poll('{"state":"in_progress"}')).toEqual(['LOI-17'])
  })
})

describe('a binding', () => {
  const hosts = (...all: readonly unknown[]) =>
    judged({
      operation: 'bind',
      status: 201,
      text: JSON.stringify({ endpoints: all.map((host) => ({ host, ports: ['1'] })) }),
    })

  it('END-01: has one host for each endpoint', () => {
    expect(hosts('db.example', '2001:db8::1').failed).toEqual([])
    expect(hosts('db.example', 'a.example,b.example').failed).toEqual(['END-01'])
    expect(hosts('a.example b.example').failed).toEqual(['END-01'])
    expect(hosts(7).failed).toEqual(['END-01'])
  })

  it('END-01: has endpoints that are objects', () => {
    const bind = (endpoints: unknown) =>
      judged({ operation: 'bind', status: 201, text: JSON.stringify({ endpoints }) }).failed
    expect(bind([null, 7, 'x'])).toEqual(['END-01'])
    expect(bind({ host: 'a b' })).toEqual(['BIND-23'])
  })
})

describe('a member of a wrong type', () => {
  const failed = (operation: OperationName, status: number, body: object) =>
    judged({ operation, status, text: JSON.stringify(body), path: '/v2/x?accepts_incomplete=true' }).failed

  it('breaks the row of the answer where it has none of its own', () => {
    const plan = { id: 'p', name: 'n', description: 'd' }
    const offering = { ...plan, bindable: true, plans: [plan] }
    expect(failed('catalog', 200, { services: [{ ...offering, plan_updateable: 'yes' }] })).toEqual(['CAT-11'])
    expect(failed('catalog', 200, { services: [{ ...offering, plans: [{ ...plan, free: 1 }] }] })).toEqual(['CAT-11'])
    expect(failed('catalog', 200, { services: [{ ...offering, tags: 'a, b' }] })).toEqual(['CAT-11'])
    expect(failed('provision', 201, { metadata: { labels: 7 } })).toEqual(['PROV-13'])
    expect(failed('provision', 202, { metadata: 7 })).toEqual(['PROV-14'])
    expect(failed('bind', 201, { credentials: 'text' })).toEqual(['BIND-23'])
    expect(failed('bind', 200, { syslog_drain_url: 7 })).toEqual(['BIND-22'])
    expect(failed('fetchInstance', 200, { parameters: 7 })).toEqual(['GETI-08'])
    expect(failed('fetchBinding', 200, { endpoints: 7 })).toEqual(['GETB-07'])
    expect(failed('lastInstanceOperation', 200, { state: 'failed', instance_usable: 'no' })).toEqual(['LOI-08'])
  })

  it('breaks its own row where it has one', () => {
    expect(failed('provision', 201, { dashboard_url: 7 })).toEqual(['PROV-28'])
    expect(failed('unbind', 202, { operation: 7 })).toEqual(['UNB-25'])
    expect(failed('catalog', 200, { services: [7] })).toEqual(['CAT-17'])
  })
})
