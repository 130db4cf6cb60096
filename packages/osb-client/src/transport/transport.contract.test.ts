import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ending, withDeadline } from '../deadline.js'
import { fetchTransport } from './fetch-transport.js'
import type { ExchangeLimits, Transport } from './transport.js'
import { agentTransport, dispatcherTransport } from './undici-transport.js'

interface SeenRequest {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Of a call that nothing ends. */
const noEnding: Ending = {
  isOver: false,
  reason: undefined,
  signal: new AbortController().signal,
  onEnd: () => {},
  throwIfOver: () => {},
}

/** What each transport must do, run over all of them against one real server. */
describe.each([
  ['an Agent of its own', (origin: string) => agentTransport(origin, { ...timeouts, connectTimeoutMs: 5000 })],
  ['a dispatcher', (origin: string) => dispatcherTransport(origin, agent, timeouts)],
  ['the global fetch', (origin: string) => fetchTransport(origin, globalThis.fetch)],
  ['the fetch of undici', (origin: string) => fetchTransport(origin, undiciFetch)],
])('a transport over %s', (_name, open) => {
  let transport: Transport
  let status: number | undefined
  let seen: SeenRequest | undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
      if (url === '/moved') return response.writeHead(302, { Location: '/elsewhere' }).end()
      if (url === '/large') return response.end('x'.repeat(2000))
      response.writeHead(201, { 'Retry-After': '7', 'Set-Cookie': ['a=1', 'b=2'] }).end('{"ключ":"значение"}')
    })
  })
  const limits = (): ExchangeLimits => ({
    ending: noEnding,
    maxResponseBytes: 1000,
    onStatus: (known) => {
      status = known
    },
  })
  const request = { method: 'PUT', path: '/v2/a%2Fb?q=%20', headers: { Accept: 'application/json' }, body: '{}' }

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    transport = open(`http://127.0.0.1:${(server.address() as { port: number }).port}`)
  })
  afterAll(async () => {
    await transport.close()
    server.closeAllConnections()
    server.close()
  })

  it('carries method, path, headers and body as they are, and the answer back', async () => {
    const answer = await transport.send(request, limits())
    expect(seen).toMatchObject({
      method: 'PUT',
      url: request.path,
      headers: { accept: 'application/json' },
      body: '{}',
    })
    expect(answer).toMatchObject({ status: 201, body: { text: '{"ключ":"значение"}' } })
    expect(answer.header('Retry-After')).toBe('7')
    expect(answer.header('ETag')).toBeUndefined()
    expect(status).toBe(201)
  })

  it('sends no body and no content type where there is none', async () => {
    await transport.send({ ...request, method: 'DELETE', body: undefined }, limits())
    expect(seen).toMatchObject({ method: 'DELETE', body: '' })
    expect(seen?.headers).not.toHaveProperty('content-type')
  })

  it('does not follow a redirect', async () => {
    expect(await transport.send({ ...request, path: '/moved' }, limits())).toMatchObject({ status: 302 })
  })

  it('reads no more than it may', async () => {
    const answer = await transport.send({ ...request, path: '/large' }, limits())
    expect(answer).toMatchObject({ status: 201 - 1, body: { fault: 'too large' } })
  })

  it('rejects when it is aborted', async () => {
    const outer = new AbortController()
    const call = withDeadline(5000, outer.signal, (ending) => transport.send(request, { ...limits(), ending }))
    outer.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    const over = {
      ...noEnding,
      isOver: true,
      reason: new Error('before'),
      signal: AbortSignal.abort(new Error('before')),
    }
    over.onEnd = (listener) => listener(over.reason)
    await expect(transport.send(request, { ...limits(), ending: over })).rejects.toThrow('before')
  })
})

const timeouts = { headersTimeoutMs: 5000, bodyTimeoutMs: 5000 }
const agent = new Agent()
afterAll(() => agent.close())

describe('dot segments (T33)', () => {
  const path = '/v2/service_instances/i/service_bindings/%2E%2E'
  const limits = { ending: noEnding, maxResponseBytes: 1000, onStatus: () => {} }

  it('are sent as they are by the default transport', async () => {
    const urls: (string | undefined)[] = []
    const server = createServer(({ url }, response) => {
      urls.push(url)
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const transport = dispatcherTransport(
      `http://127.0.0.1:${(server.address() as { port: number }).port}`,
      agent,
      timeouts,
    )
    await transport.send({ method: 'DELETE', path, headers: {}, body: undefined }, limits)
    expect(urls).toEqual([path])
    server.closeAllConnections()
    server.close()
  })

  it('are refused by a fetch, whose URL parser would make the delete of a binding that of its instance', async () => {
    const transport = fetchTransport('http://broker.test', () => Promise.reject(new Error('must not be called')))
    await expect(transport.send({ method: 'DELETE', path, headers: {}, body: undefined }, limits)).rejects.toThrow(
      'cannot be sent with the fetch option',
    )
  })
})
