import { describe, expect, it, vi } from 'vitest'
import { binding, fakeBroker, ids, instance, provisionBody, send } from '../../test/support/wire.js'

const created = () => vi.fn(async () => ({ outcome: 'created', body: {} }) as const)
const deleted = () => vi.fn(async () => ({ outcome: 'deleted', body: {} }) as const)
const found = () => vi.fn(async () => ({ outcome: 'found', body: { state: 'succeeded' } }) as const)

describe('what the back end gets', () => {
  it('EXT-03, EXT-04: the body as it came, unknown fields included', async () => {
    const provision = created()
    const body = {
      ...provisionBody,
      parameters: { a: [1] },
      context: { platform: 'p', extra: true },
      'x-vendor': { b: 1 },
    }
    await send(fakeBroker({ provision }), `PUT ${instance}?accepts_incomplete=true&unknown=1`, { body })
    const call = { ...body, instance_id: 'i1', accepts_incomplete: true }
    expect(provision).toHaveBeenCalledWith(call, expect.anything())
  })

  it('ids of the path, whatever body and query say', async () => {
    const bind = created()
    const body = { ...provisionBody, instance_id: 'other', binding_id: 'other', accepts_incomplete: true }
    await send(fakeBroker({ bind }), `PUT ${binding}?instance_id=other&binding_id=other`, { body })
    const call = expect.objectContaining({ instance_id: 'i1', binding_id: 'b1', accepts_incomplete: false })
    expect(bind).toHaveBeenCalledWith(call, expect.anything())
  })

  it('URL-01, T33: ids with any character, decoded once', async () => {
    const fetchBinding = found()
    await send(fakeBroker({ fetchBinding }), 'GET /v2/service_instances/a%2F..%2Fb/service_bindings/%2525%20%C3%A9')
    const call = { instance_id: 'a/../b', binding_id: '%25 é' }
    expect(fetchBinding).toHaveBeenCalledWith(call, expect.anything())
  })

  it('LOI-05, LOB-06, T16: the operation exactly as the platform got it', async () => {
    const lastInstanceOperation = found()
    const operation = 'a b&c=d/é+%20'
    await send(
      fakeBroker({ lastInstanceOperation }),
      `GET ${instance}/last_operation?operation=${encodeURIComponent(operation)}`,
    )
    expect(lastInstanceOperation).toHaveBeenCalledWith({ instance_id: 'i1', operation }, expect.anything())
  })

  it('A12: no hints and no operation where they are empty', async () => {
    const lastBindingOperation = found()
    await send(fakeBroker({ lastBindingOperation }), `GET ${binding}/last_operation?operation=&service_id=&plan_id=`)
    expect(lastBindingOperation).toHaveBeenCalledWith({ instance_id: 'i1', binding_id: 'b1' }, expect.anything())
  })

  it.each([
    ['', false],
    ['accepts_incomplete=true', true],
    ['accepts_incomplete=false', false],
    ['accepts_incomplete=TRUE', false],
    ['accepts_incomplete=1', false],
    ['accepts_incomplete=', false],
    ['accepts_incomplete', false],
  ])('A13, T11: %j means %j', async (query, accepts_incomplete) => {
    const deprovision = deleted()
    await send(fakeBroker({ deprovision }), `DELETE ${instance}?${ids}&${query}`)
    expect(deprovision).toHaveBeenCalledWith(expect.objectContaining({ accepts_incomplete }), expect.anything())
  })

  it('aborts its signal when the platform goes away', async () => {
    const controller = new AbortController()
    let signal: AbortSignal | undefined
    const broker = fakeBroker({
      fetchInstance: async (_call, details) => {
        signal = details.signal
        controller.abort()
        return { outcome: 'found', body: {} }
      },
    })
    const headers = { 'X-Broker-API-Version': '2.17' }
    await broker.fetch(new Request(`http://broker${instance}`, { headers, signal: controller.signal }))
    expect(signal?.aborted).toBe(true)
  })
})

describe('400 for requests that are not valid', () => {
  it.each([
    ['PROV-17', `PUT ${instance}`, { plan_id: 'open-small' }, '/service_id'],
    ['PROV-17', `PUT ${instance}`, { service_id: 'open', plan_id: 7 }, '/plan_id'],
    ['PROV-17', `PUT ${instance}`, { ...provisionBody, parameters: [] }, '/parameters'],
    ['PROV-17', `PUT ${instance}`, [], 'body'],
    ['UPD-27', `PATCH ${instance}`, {}, '/service_id'],
    [
      'UPD-27',
      `PATCH ${instance}`,
      { service_id: 'open', previous_values: { plan_id: 1 } },
      '/previous_values/plan_id',
    ],
    ['BIND-28', `PUT ${binding}`, { service_id: 'open' }, '/plan_id'],
    ['BIND-28', `PUT ${binding}`, { ...provisionBody, bind_resource: { app_guid: '' } }, '/bind_resource/app_guid'],
    ['DEP-14, T08', `DELETE ${instance}?plan_id=open-small`, undefined, 'service_id'],
    ['DEP-14, T08', `DELETE ${instance}?service_id=open&plan_id=`, undefined, 'plan_id'],
    ['UNB-15', `DELETE ${binding}`, undefined, 'service_id'],
    ['A13', `DELETE ${instance}?${ids}&service_id=shut`, undefined, 'service_id'],
    ['A3', `PUT ${instance}`, { service_id: 'none', plan_id: 'open-small' }, 'service_id'],
    ['A3', `PUT ${instance}`, { service_id: 'open', plan_id: 'shut-small' }, 'plan_id'],
    ['A3', `PUT ${binding}`, { service_id: 'open', plan_id: 'none' }, 'plan_id'],
    ['UPD-11', `PATCH ${instance}`, { service_id: 'open', plan_id: 'shut-small' }, 'plan_id'],
  ])('%s: %s %j', async (_id, line, body, place) => {
    const answer = await send(fakeBroker(), line, { body })
    expect(answer).toMatchObject({ status: 400, body: { description: expect.stringContaining(place) } })
  })

  it('UNB-02, DEP-01: but not for deletes of what was made of a plan that has left the catalog', async () => {
    for (const line of [
      `DELETE ${instance}?service_id=open&plan_id=none`,
      `DELETE ${binding}?service_id=none&plan_id=none`,
    ])
      expect((await send(fakeBroker(), line)).status).toBe(200)
  })

  it('T17: but not for hints of polls and fetches', async () => {
    for (const line of [
      `GET ${instance}/last_operation?service_id=none`,
      `GET ${instance}?service_id=open&plan_id=none`,
    ])
      expect((await send(fakeBroker(), line)).status).toBe(200)
  })

  it('never repeats what was sent', async () => {
    const body = { service_id: { secret: 'hunter2' }, plan_id: ['hunter2'], parameters: 'hunter2', context: 'hunter2' }
    for (const sent of [body, JSON.stringify(body).slice(0, -1), `${JSON.stringify(body)}hunter2`])
      expect(JSON.stringify((await send(fakeBroker(), `PUT ${instance}`, { body: sent })).body)).not.toContain(
        'hunter2',
      )
  })
})

describe('content type', () => {
  const put = (type: string | undefined, lenientContentType?: boolean) =>
    send(fakeBroker({}, { lenientContentType }), `PUT ${instance}`, {
      body: provisionBody,
      headers: { 'content-type': type },
    })

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'CT-01: takes %s',
    async (type) => {
      expect((await put(type)).status).toBe(201)
    },
  )

  it('CT-02: takes a body without one', async () => {
    expect((await put(undefined)).status).toBe(201)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'CT-03, T34: answers 400 to %j unless it is told to be lenient',
    async (type) => {
      expect((await put(type)).status).toBe(400)
      expect((await put(type, true)).status).toBe(201)
    },
  )
})

describe('T32: organization_guid and space_guid', () => {
  const place = { organization_guid: 'o', space_guid: 's' }

  it.each([
    ['both', place, 201],
    ['no organization_guid', { space_guid: 's' }, 400],
    ['no space_guid', { organization_guid: 'o' }, 400],
  ])('PROV-09, PROV-10: are demanded where the broker is told so (%s)', async (_what, more, status) => {
    const body = { ...provisionBody, organization_guid: undefined, space_guid: undefined, ...more }
    const put = (options: { readonly requireOrganizationAndSpace?: boolean }) =>
      send(fakeBroker({}, options), `PUT ${instance}`, { body })
    expect((await put({ requireOrganizationAndSpace: true })).status).toBe(status)
    expect((await put({})).status).toBe(201)
  })
})

describe('bodies', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a byte that is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['__proto__', '{"service_id":"open","plan_id":"open-small","parameters":{"a":[{"__proto__":{"polluted":1}}]}}'],
    ['__proto__ in disguise', '{"service_id":"open","plan_id":"open-small","\\u005f_proto__":{"polluted":1}}'],
    [
      'deep nesting',
      `{"service_id":"open","plan_id":"open-small","parameters":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`,
    ],
    ['very deep nesting', `${'['.repeat(400_000)}${']'.repeat(400_000)}`],
  ])('T34: answers 400 to %s', async (_what, body) => {
    const headers = { 'X-Broker-API-Version': '2.17' }
    const request = new Request(`http://broker${instance}`, { method: 'PUT', headers, body })
    request.headers.delete('content-type')
    expect((await fakeBroker().fetch(request)).status).toBe(400)
  })

  it('takes a byte order mark', async () => {
    expect(
      (await send(fakeBroker(), `PUT ${instance}`, { body: `\uFEFF${JSON.stringify(provisionBody)}` })).status,
    ).toBe(201)
  })

  it('answers 413 to more than 1 MiB, announced or not', async () => {
    const padded = (length: number) => JSON.stringify(provisionBody).padEnd(length)
    expect((await send(fakeBroker(), `PUT ${instance}`, { body: padded(1_048_576) })).status).toBe(201)
    const answer = await send(fakeBroker(), `PUT ${instance}`, { body: padded(1_048_577) })
    expect(answer).toMatchObject({ status: 413, body: { error: 'PayloadTooLarge' } })
  })

  it('answers 413 before it reads when the length is announced', async () => {
    const headers: Record<string, string> = { 'x-broker-api-version': '2.17', 'content-length': '2000000' }
    const readBody = vi.fn()
    const request = {
      method: 'PUT',
      target: instance,
      header: (name: string) => headers[name],
      readBody,
      signal: new AbortController().signal,
    }
    expect((await fakeBroker().handle(request)).status).toBe(413)
    expect(readBody).not.toHaveBeenCalled()
  })

  it('are not asked for where there is none', async () => {
    const answer = await send(fakeBroker(), `DELETE ${instance}?${ids}`, {
      body: 'not json',
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer).toMatchObject({ status: 200, body: {} })
  })
})
