import { describe, expect, it, vi } from 'vitest'
import { catalog, fakeBroker, instance, provisionBody, send } from '../../test/support/wire.js'

describe('GET /v2/catalog', () => {
  it('CAT-11: answers 200 with the catalog', async () => {
    const answer = await send(fakeBroker(), 'GET /v2/catalog')
    expect(answer).toMatchObject({ status: 200, body: catalog })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    expect(answer.headers.get('content-length')).toBe(String(JSON.stringify(catalog).length))
  })

  it('CAT-16: may be empty', async () => {
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body: { services: [] } }) })
    expect(await send(broker, 'GET /v2/catalog')).toMatchObject({ status: 200, body: { services: [] } })
  })

  it('CAT-10: answers 304 to whoever has this version, and to nobody else', async () => {
    const broker = fakeBroker()
    const etag = (await send(broker, 'GET /v2/catalog')).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    const statusWith = async (tag: string) =>
      (await send(broker, 'GET /v2/catalog', { headers: { 'if-none-match': tag } })).status
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) expect(await statusWith(tag)).toBe(304)
    for (const tag of ['"other"', etag.slice(1, -1), '']) expect(await statusWith(tag)).toBe(200)
    const unchanged = await send(broker, 'GET /v2/catalog', { headers: { 'if-none-match': etag } })
    expect(unchanged.headers.get('etag')).toBe(etag)
    expect(unchanged.headers.get('cache-control')).toBe('private, no-cache')
    expect(unchanged.body).toBeUndefined()
  })

  it('answers HEAD like GET, without the body', async () => {
    const answer = await send(fakeBroker(), 'HEAD /v2/catalog')
    expect(answer).toMatchObject({ status: 200, body: undefined })
    expect(answer.headers.get('etag')).not.toBeNull()
  })

  it('asks the back end once for many requests', async () => {
    const own = vi.fn(async () => ({ outcome: 'found', body: catalog }) as const)
    const broker = fakeBroker({ catalog: own })
    await Promise.all(Array.from({ length: 5 }, () => send(broker, 'GET /v2/catalog')))
    await send(broker, `PUT ${instance}`, { body: provisionBody })
    expect(own).toHaveBeenCalledTimes(1)
  })

  it('CAT-25: answers 500 for a catalog that breaks the protocol, and tells the hook which rule', async () => {
    const onError = vi.fn()
    const body = { services: [{ ...catalog.services[0], bindable: 'yes' }] } as never
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body }) }, { onError })
    expect((await send(broker, 'GET /v2/catalog')).status).toBe(500)
    expect(String(onError.mock.calls[0]?.[0])).toContain('/services/0/bindable')
    expect(String(onError.mock.calls[0]?.[0])).toContain('CAT-25')
  })

  it('CAT-18, CAT-30: refuses ids and names that are there twice', async () => {
    const [open] = catalog.services as [(typeof catalog.services)[number]]
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body: { services: [open, open] } }) })
    await expect(broker.reload()).rejects.toThrow(
      /\/services\/1\/id two service offerings have the id "open".*\(CAT-21\)/,
    )
  })
})

describe('reload', () => {
  it('CAT-02: serves the new catalog with another ETag, and checks requests by it', async () => {
    let body = catalog
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body }) })
    const before = await send(broker, 'GET /v2/catalog')
    body = { services: catalog.services.slice(1) }
    await broker.reload()
    const after = await send(broker, 'GET /v2/catalog', {
      headers: { 'if-none-match': before.headers.get('etag') ?? '' },
    })
    expect(after).toMatchObject({ status: 200, body })
    expect((await send(broker, `PUT ${instance}`, { body: provisionBody })).status).toBe(400)
  })

  it('keeps the former catalog when the new one is not valid', async () => {
    let body: unknown = catalog
    const broker = fakeBroker({ catalog: async () => ({ outcome: 'found', body: body as never }) })
    await broker.reload()
    body = { services: [{}] }
    await expect(broker.reload()).rejects.toThrow(/CAT-17/)
    expect(await send(broker, 'GET /v2/catalog')).toMatchObject({ status: 200, body: catalog })
  })

  it('lets the reload that began last win', async () => {
    let finishFirst = () => {}
    const own = vi
      .fn(async () => ({ outcome: 'found', body: catalog }) as const)
      .mockImplementationOnce(async () => {
        await new Promise<void>((resolve) => (finishFirst = resolve))
        return { outcome: 'found', body: { services: [] } }
      })
    const broker = fakeBroker({ catalog: own })
    const first = broker.reload()
    await broker.reload()
    finishFirst()
    await first
    expect((await send(broker, 'GET /v2/catalog')).body).toEqual(catalog)
  })

  it('tries again with the next request when the first load failed', async () => {
    let fails = true
    const broker = fakeBroker(
      {
        catalog: async () => {
          if (fails) throw new Error('not reachable')
          return { outcome: 'found', body: catalog }
        },
      },
      { onError: () => undefined },
    )
    expect((await send(broker, 'GET /v2/catalog')).status).toBe(500)
    fails = false
    expect((await send(broker, 'GET /v2/catalog')).status).toBe(200)
  })
})
