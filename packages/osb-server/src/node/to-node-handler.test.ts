import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { gate } from '../../test/support/test-broker.js'
import { fakeBroker, instance, provisionBody } from '../../test/support/wire.js'
import type { Broker } from '../wire/broker.js'
import { toNodeHandler } from './to-node-handler.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

type Host = (request: IncomingMessage & { body?: unknown; originalUrl?: string }, response: ServerResponse) => unknown

async function listen(host: Host): Promise<string> {
  const server = createServer((request, response) => void host(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const headers = { 'x-broker-api-version': '2.17', 'content-type': 'application/json' }
const put = (
  url: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  more: RequestInit = {},
) => fetch(`${url}${instance}`, { method: 'PUT', headers, body, ...more })
const serve = (broker: Broker) => listen(toNodeHandler(broker))

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

describe('toNodeHandler', () => {
  it('answers with status, headers and body', async () => {
    const url = await serve(fakeBroker())
    const response = await put(url, JSON.stringify(provisionBody))
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('content-length')).toBe('2')
    expect(await response.text()).toBe('{}')
  })

  it('T33: takes ids that URL parsers would resolve', async () => {
    const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: { dashboard_url: 'https://é' } }) as const)
    const url = new URL(await serve(fakeBroker({ fetchInstance })))
    const text = await new Promise<string>((resolve, reject) => {
      const options = { host: url.hostname, port: url.port, path: '/v2/service_instances/%2E%2E', headers }
      httpRequest(options, (response) => void readAll(response).then(resolve, reject)).end()
    })
    expect(text).toBe('{"dashboard_url":"https://é"}')
    expect(fetchInstance).toHaveBeenCalledWith({ instance_id: '..' }, expect.anything())
  })

  it('answers HEAD and 304 without a body, and keeps the connection', async () => {
    const url = await serve(fakeBroker())
    const head = await fetch(`${url}/v2/catalog`, { method: 'HEAD', headers })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(500)
    const etag = head.headers.get('etag') ?? ''
    const unchanged = await fetch(`${url}/v2/catalog`, { headers: { ...headers, 'if-none-match': etag } })
    expect(unchanged.status).toBe(304)
    expect((await fetch(`${url}/v2/catalog`, { headers })).status).toBe(200)
  })

  it('reads bodies that come in pieces, and an empty one', async () => {
    const url = await serve(fakeBroker())
    const pieces =
      JSON.stringify({ ...provisionBody, parameters: { a: 'é'.repeat(50_000) } }).match(/.{1,5000}/gs) ?? []
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
        controller.close()
      },
    })
    expect((await put(url, body, { duplex: 'half' })).status).toBe(201)
    expect((await put(url, '')).status).toBe(400)
    expect((await put(url, new Uint8Array([0xff]))).status).toBe(400)
  })

  it('answers 413 to bodies that are too long, announced and chunked, and goes on serving', async () => {
    const url = await serve(fakeBroker({}, { maximumBodyBytes: 1000 }))
    expect((await put(url, 'x'.repeat(5000))).status).toBe(413)
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let part = 0; part < 5; part++) controller.enqueue(new Uint8Array(1000))
        controller.close()
      },
    })
    expect((await put(url, body, { duplex: 'half' })).status).toBe(413)
    expect((await put(url, JSON.stringify(provisionBody))).status).toBe(201)
  })

  it('ends the connection of a client that will not stop sending', async () => {
    const url = new URL(await serve(fakeBroker({}, { maximumBodyBytes: 1000 })))
    const socket = connect(Number(url.port), url.hostname)
    const received: Buffer[] = []
    socket.on('data', (part) => received.push(part)).on('error', () => undefined)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write(
      `PUT ${instance} HTTP/1.1\r\nHost: b\r\nX-Broker-API-Version: 2.17\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const sending = setInterval(() => socket.write(`3e8\r\n${'x'.repeat(1000)}\r\n`), 1)
    await closed
    clearInterval(sending)
    expect(Buffer.concat(received).toString()).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('aborts the signal of the back end when the platform goes away, and only then', async () => {
    const signals: AbortSignal[] = []
    let begun = () => {}
    const started = new Promise<void>((resolve) => (begun = resolve))
    const broker = fakeBroker({
      fetchInstance: async (_call, { signal }) => {
        signals.push(signal)
        return { outcome: 'found', body: {} }
      },
      deprovision: async (_call, { signal }) => {
        begun()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        signals.push(signal)
        return { outcome: 'deleted', body: {} }
      },
    })
    const url = await serve(broker)
    await (await fetch(`${url}${instance}`, { headers })).text()
    const controller = new AbortController()
    const line = `${url}${instance}?service_id=open&plan_id=open-small`
    const gone = fetch(line, { method: 'DELETE', headers, signal: controller.signal }).catch(() => 'gone')
    await started
    controller.abort()
    expect(await gone).toBe('gone')
    await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]))
  })

  it('takes a body that ends too early for the fault of the client', async () => {
    const onError = vi.fn()
    const provision = vi.fn()
    const broker = fakeBroker({ provision }, { onError })
    const handled = vi.fn()
    const url = new URL(
      await serve({ ...broker, handle: async (request) => broker.handle(request).then(handled) as never }),
    )
    const socket = connect(Number(url.port), url.hostname)
    socket.write(`PUT ${instance} HTTP/1.1\r\nHost: b\r\nX-Broker-API-Version: 2.17\r\nContent-Length: 100\r\n\r\n{"a"`)
    setTimeout(() => socket.destroy(), 20)
    await vi.waitFor(() => expect(handled).toHaveBeenCalledWith(expect.objectContaining({ status: 400 })))
    expect(provision).not.toHaveBeenCalled()
    expect(onError).not.toHaveBeenCalled()
  })

  it('does not wait for the body of a client that went away while its login was checked', async () => {
    const handled = vi.fn()
    const gone = gate()
    const auth = { challenge: 'Basic', authenticate: () => gone.passed.then(() => ({ principal: 'p' })) }
    const broker = fakeBroker({}, { auth })
    const handler = toNodeHandler({ handle: async (request) => broker.handle(request).then(handled) as never })
    const url = new URL(
      await listen((request, response) => {
        response.once('close', gone.open)
        handler(request, response)
        socket.destroy()
      }),
    )
    const socket = connect(Number(url.port), url.hostname)
    socket.write(`PUT ${instance} HTTP/1.1\r\nHost: b\r\nX-Broker-API-Version: 2.17\r\nContent-Length: 100\r\n\r\n{"a"`)
    await vi.waitFor(() => expect(handled).toHaveBeenCalledWith(expect.objectContaining({ status: 400 })))
    await broker.close()
  })

  it('never throws into its host', async () => {
    const handle = () => Promise.reject(new Error('a broken broker'))
    const url = await serve({ ...fakeBroker(), handle })
    await expect(fetch(`${url}/v2/catalog`)).rejects.toThrow()
  })
})

describe('below a host that routes and parses', () => {
  const handler = toNodeHandler(fakeBroker())
  const body = JSON.stringify(provisionBody)

  it.each([
    ['an object', (text: string) => JSON.parse(text) as unknown],
    ['a text', (text: string) => text],
    ['bytes', (text: string) => Buffer.from(text)],
  ])('takes a body that the host has parsed to %s', async (_what, parse) => {
    const url = await listen(async (request, response) =>
      handler(Object.assign(request, { body: parse(await readAll(request)) }), response),
    )
    expect((await put(url, body)).status).toBe(201)
    expect((await put(url, JSON.stringify({ service_id: 'open' }))).status).toBe(400)
  })

  it('T34: refuses what it must in a parsed body, too', async () => {
    const url = await listen(async (request, response) =>
      handler(Object.assign(request, { body: JSON.parse(await readAll(request)) }), response),
    )
    expect((await put(url, `{"service_id":"open","plan_id":"open-small","__proto__":{"a":1}}`)).status).toBe(400)
  })

  it('reads a body that the host has left alone, whatever it put in req.body', async () => {
    const url = await listen((request, response) => handler(Object.assign(request, { body: {} }), response))
    expect((await put(url, body)).status).toBe(201)
  })

  it('answers 500 instead of waiting for a body that somebody else has read', async () => {
    const onError = vi.fn()
    const strict = toNodeHandler(fakeBroker({}, { onError }))
    const url = await listen(async (request, response) => readAll(request).then(() => strict(request, response)))
    expect((await put(url, body)).status).toBe(500)
    expect(String(onError.mock.calls[0]?.[0])).toContain('req.body')
  })

  it('GEN-02: finds its path where the host has cut the mount point off, and below a base path', async () => {
    const based = toNodeHandler(fakeBroker({}, { basePath: '/v2/brokers/one' }))
    const url = await listen((request, response) => {
      const originalUrl = request.url ?? ''
      Object.assign(request, { originalUrl, url: originalUrl.replace('/v2/brokers/one', '') })
      based(request, response)
    })
    expect((await fetch(`${url}/v2/brokers/one/v2/catalog`, { headers })).status).toBe(200)
    expect((await fetch(`${url}/v2/catalog`, { headers })).status).toBe(404)
  })
})
