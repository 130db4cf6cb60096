import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe.each(hosts)('a broker in $name', ({ start, keepsDots }) => {
  async function listen(own: Partial<BrokerBackend> = {}, options: Partial<BrokerOptions> = {}): Promise<Host> {
    const host = await start(fakeBroker(own, { onError: () => {}, ...options }))
    open.push(host)
    return host
  }
  const put = (url: string, body: NonNullable<RequestInit['body']>, more: RequestInit = {}) =>
    fetch(`${url}${instance}`, { method: 'PUT', headers, body, ...more })

  it('leaves the routes of the app alone', async () => {
    const { ownUrl } = await listen()
    expect(await (await fetch(ownUrl)).text()).toBe('own')
  })

  it('CAT-10: serves the catalog with its ETag, 304 and HEAD', async () => {
    const { url } = await listen()
    const first = await fetch(`${url}/v2/catalog`, { headers })
    expect(first.status).toBe(200)
    expect(await first.json()).toHaveProperty('services')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"/)
    expect((await fetch(`${url}/v2/catalog`, { headers: { ...headers, 'If-None-Match': etag } })).status).toBe(304)
    const head = await fetch(`${url}/v2/catalog`, { method: 'HEAD', headers })
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: '' })
  })

  it('reads a body whole or in pieces', async () => {
    const provision = vi.fn(async () => ({ outcome: 'created', body: {} }) as const)
    const { url } = await listen({ provision })
    const text = JSON.stringify({ ...provisionBody, parameters: { text: 'é'.repeat(1000) } })
    expect((await put(url, text)).status).toBe(201)
    const bytes = new TextEncoder().encode(text)
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7))
        controller.close()
      },
    })
    expect((await put(url, pieces, { duplex: 'half' })).status).toBe(201)
    const [first, second] = provision.mock.calls as unknown as [unknown][]
    expect(first?.[0]).toMatchObject({ parameters: { text: 'é'.repeat(1000) } })
    expect(second?.[0]).toEqual(first?.[0])
  })

  it('answers 413 to a body that is too long, and goes on serving', async () => {
    const { url } = await listen({}, { maximumBodyBytes: 500 })
    const long = JSON.stringify({ ...provisionBody, parameters: { text: 'x'.repeat(2000) } })
    const answer = await put(url, long)
    // What the app's own parser has read is under the app's own limit.
    expect([201, 413]).toContain(answer.status)
    if (answer.status === 413) expect(await answer.json()).toMatchObject({ error: 'PayloadTooLarge' })
    expect((await put(url, JSON.stringify(provisionBody))).status).toBe(201)
  })

  it('CT-03, T34: refuses a wrong content type and broken JSON with 400, or leaves it to the parser of the app', async () => {
    const { url } = await listen()
    const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }
    expect((await put(url, JSON.stringify(provisionBody), { headers: form })).status).toBe(400)
    expect((await put(url, '{"broken')).status).toBe(400)
  })

  it('A22, T53: answers errors itself, as JSON', async () => {
    const { url } = await listen()
    const expectError = async (answer: Response, status: number) => {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(await answer.json()).toHaveProperty('description')
      return answer
    }
    await expectError(await fetch(`${url}/v2/nothing`, { headers }), 404)
    const wrongMethod = await expectError(await fetch(`${url}/v2/catalog`, { method: 'DELETE', headers }), 405)
    expect(wrongMethod.headers.get('allow')).toContain('GET')
    await expectError(await fetch(`${url}/v2/catalog`), 400)
  })

  it('T33: takes ids with encoded slashes as they are', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
    const { url } = await listen({ fetchInstance })
    expect(await rawStatus(url, '/v2/service_instances/a%2Fb%3Fc')).toBe(200)
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: 'a/b?c' }, expect.anything())
    if (!keepsDots) return
    expect(await rawStatus(url, '/v2/service_instances/%2E%2E')).toBe(200)
    expect(fetchInstance).toHaveBeenLastCalledWith({ instance_id: '..' }, expect.anything())
  })

  it('aborts the signal of the back end when the platform goes away', async () => {
    let begun = () => {}
    const started = new Promise<void>((resolve) => (begun = resolve))
    const aborted = vi.fn()
    const { url } = await listen({
      deprovision: async (_call, { signal }) => {
        signal.addEventListener('abort', aborted)
        begun()
        await vi.waitFor(() => expect(aborted).toHaveBeenCalled(), { timeout: 5_000 })
        return { outcome: 'deleted', body: {} }
      },
    })
    const controller = new AbortController()
    const gone = fetch(`${url}${instance}?${ids}`, { method: 'DELETE', headers, signal: controller.signal })
    await Promise.all([expect(gone).rejects.toThrow(), started.then(() => controller.abort())])
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(1))
  })

  it('keeps the connection for the next request', async () => {
    const { url } = await listen()
    const { hostname, port, pathname } = new URL(url)
    const socket = connect(Number(port), hostname)
    const line = `GET ${pathname}/v2/catalog HTTP/1.1\r\nHost: b\r\nX-Broker-API-Version: 2.17\r\n`
    socket.write(`${line}\r\n${line}Connection: close\r\n\r\n`)
    let received = ''
    for await (const part of socket) received += String(part)
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })
})
