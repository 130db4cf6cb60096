import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { basicAuth } from '../../src/auth/basic-auth.js'
import type { BrokerBackend } from '../../src/backend.js'
import type { BrokerOptions } from '../../src/wire/broker-options.js'
import { fakeBroker, ids, instance, provisionBody } from '../support/wire.js'
import { type Host, hosts } from './hosts.js'

const headers = { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' }
const open: Host[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()))
})

/** A request whose path is sent as it is; `fetch` would resolve `..` in it. */
function rawStatus(url: string, path: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: `${pathname}${path}`, headers, agent: false }
    const sent = httpRequest(options, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject).end()
  })
}

function inPieces(bytes: Uint8Array, length: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += length) controller.enqueue(bytes.subarray(at, at + length))
      controller.close()
    },
  })
}

async function expectError(answer: Response, status: number, error: string): Promise<void> {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toMatchObject({ error, description: expect.any(String) })
}

describe.each(hosts)('a broker in $name', ({ start, onNode, parses }) => {
  async function listen(own: Partial<BrokerBackend> = {}, options: Partial<BrokerOptions> = {}): Promise<Host> {
    const host = await start(fakeBroker(own, { onError: () => {}, ...options }))
    open.push(host)
    return host
  }
  const put = (url: string, body: NonNullable<RequestInit['body']>, more: RequestInit = {}) =>
    fetch(`${url}${instance}`, { method: 'PUT', headers, body, ...more })

  it('leaves everything outside of its mount point to the app', async () => {
    const { rootUrl } = await listen()
    expect(await (await fetch(`${rootUrl}/own`)).text()).toBe('own')
    const answers = [await fetch(`${rootUrl}/v2/catalog`, { headers }), await fetch(`${rootUrl}/unknown`, { headers })]
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain('There is nothing at this path.')
    }
  })

  it('CAT-10: serves the catalog with its ETag, 304 and HEAD', async () => {
    const { url } = await listen()
    const first = await fetch(`${url}/v2/catalog`, { headers })
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('application/json')
    const text = await first.text()
    expect(JSON.parse(text)).toHaveProperty('services')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"/)
    const unchanged = await fetch(`${url}/v2/catalog`, { headers: { ...headers, 'If-None-Match': etag } })
    expect([unchanged.status, unchanged.headers.get('etag'), await unchanged.text()]).toEqual([304, etag, ''])
    const head = await fetch(`${url}/v2/catalog`, { method: 'HEAD', headers })
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  })

  it('reads a body whole or in pieces', async () => {
    const provision = vi.fn(async () => ({ outcome: 'created', body: {} }) as const)
    const { url } = await listen({ provision })
    const text = JSON.stringify({ ...provisionBody, parameters: { text: 'é'.repeat(1000) } })
    expect((await put(url, text)).status).toBe(201)
    expect((await put(url, inPieces(new TextEncoder().encode(text), 7), { duplex: 'half' })).status).toBe(201)
    const [first, second] = provision.mock.calls as unknown as [unknown][]
    expect(first?.[0]).toMatchObject({ parameters: { text: 'é'.repeat(1000) } })
    expect(second?.[0]).toEqual(first?.[0])
  })

  it('answers 413 to a body that is too long, whole or in pieces, and goes on serving', async () => {
    const { url } = await listen({}, { maximumBodyBytes: 500 })
    // Where a parser of the app reads the body, the app's own limit holds: 100 KB in Express.
    const length = parses ? 200_000 : 2000
    const long = JSON.stringify({ ...provisionBody, parameters: { text: 'x'.repeat(length) } })
    const pieces = inPieces(new TextEncoder().encode(long), length / 20)
    for (const answer of [await put(url, long), await put(url, pieces, { duplex: 'half' })]) {
      if (parses) expect(answer.status).toBe(413)
      else await expectError(answer, 413, 'PayloadTooLarge')
    }
    expect((await put(url, JSON.stringify(provisionBody))).status).toBe(201)
  })

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'json', '*'])(
    'CT-03: refuses the content type %s with 400',
    async (type) => {
      const { url } = await listen()
      const answer = await put(url, JSON.stringify(provisionBody), { headers: { ...headers, 'Content-Type': type } })
      await expectError(answer, 400, 'BadRequest')
    },
  )

  it('T34: refuses broken JSON and an empty body with 400', async () => {
    const { url } = await listen()
    await expectError(await put(url, ''), 400, 'BadRequest')
    const broken = await put(url, '{"broken')
    if (parses) expect(broken.status).toBe(400)
    else await expectError(broken, 400, 'BadRequest')
  })

  it('A22, T53: answers errors itself, as JSON', async () => {
    const { url } = await listen()
    for (const path of ['/v2/nothing', '/nothing', '/v2/'])
      await expectError(await fetch(`${url}${path}`, { headers }), 404, 'NotFound')
    const wrongMethod = await fetch(`${url}/v2/catalog`, { method: 'DELETE', headers })
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD')
    await expectError(wrongMethod, 405, 'MethodNotAllowed')
    await expectError(await fetch(`${url}/v2/catalog`), 400, 'BadRequest')
  })

  it('AUTH-07: asks for a login before all else', async () => {
    const { url } = await listen({}, { auth: basicAuth({ username: 'a', password: 'a' }) })
    for (const path of ['/v2/catalog', '/v2/nothing', '/nothing']) {
      const answer = await fetch(`${url}${path}`, { headers })
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      await expectError(answer, 401, 'Unauthorized')
    }
  })

  it('T33: takes ids with encoded slashes as they are, and on Node all others, too', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
    const { url } = await listen({ fetchInstance })
    expect(await rawStatus(url, '/v2/service_instances/a%2Fb%3Fc')).toBe(200)
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: 'a/b?c' }, expect.anything())
    const dots = await rawStatus(url, '/v2/service_instances/%2E%2E')
    // The URL parser of the web resolves them.
    if (!onNode) return expect(dots).toBe(404)
    expect(dots).toBe(200)
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: '..' }, expect.anything())
  })

  it('knows the address of the client, on Node', async () => {
    const sourceOf = vi.fn((request: { readonly remoteAddress?: string | undefined }) => request.remoteAddress)
    const { url } = await listen({}, { rateLimit: { requests: 1, perMs: 60_000, sourceOf } })
    expect((await fetch(`${url}/v2/catalog`, { headers })).status).toBe(200)
    await expectError(await fetch(`${url}/v2/catalog`, { headers }), 429, 'TooManyRequests')
    expect(sourceOf.mock.results.map(({ value }) => value)).toEqual(Array(2).fill(onNode ? '127.0.0.1' : undefined))
  })

  it('aborts the signal of the back end when the platform goes away, and only then', async () => {
    let begun = () => {}
    const started = new Promise<void>((resolve) => (begun = resolve))
    const aborted = vi.fn()
    const fetched: AbortSignal[] = []
    const { url } = await listen({
      fetchInstance: async (_call, { signal }) => {
        fetched.push(signal)
        return { outcome: 'found', body: {} }
      },
      deprovision: async (_call, { signal }) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve())
          begun()
        })
        aborted()
        return { outcome: 'deleted', body: {} }
      },
    })
    await (await fetch(`${url}${instance}`, { headers })).text()
    expect(fetched).toHaveLength(1)
    if (onNode) expect(fetched[0]?.aborted).toBe(false)
    const controller = new AbortController()
    const gone = fetch(`${url}${instance}?${ids}`, { method: 'DELETE', headers, signal: controller.signal })
    await Promise.all([expect(gone).rejects.toThrow(), started.then(() => controller.abort())])
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(1))
    expect((await fetch(`${url}/v2/catalog`, { headers })).status).toBe(200)
  })

  it('keeps the connection for the next request, after answers and errors', async () => {
    const { url } = await listen()
    const { hostname, port, pathname } = new URL(url)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify(provisionBody)
    const lines = ['Host: b', 'X-Broker-API-Version: 2.17', 'Content-Type: application/json']
    const send = (line: string, ...more: string[]) =>
      socket.write([`${line} HTTP/1.1`, ...lines, ...more, '', ''].join('\r\n'))
    send(`GET ${pathname}/v2/catalog`)
    send(`PUT ${pathname}${instance}`, `Content-Length: ${body.length}`)
    socket.write(body)
    send(`PUT ${pathname}/v2/nothing`, 'Content-Length: 2')
    socket.write('{}')
    send(`GET ${pathname}/v2/catalog`, 'Connection: close')
    let received = ''
    for await (const part of socket) received += String(part)
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual([200, 201, 404, 200].map((status) => `HTTP/1.1 ${status}`))
  })
})
