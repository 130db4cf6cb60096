import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type CutPoint, cutRequest } from './cut-request.js'

const request = {
  method: 'PUT',
  path: '/v2/service_instances/i',
  headers: { 'X-Broker-API-Version': '2.17' },
  body: '{"a":"1234567890"}',
}
const head = (host: string) =>
  `PUT /v2/service_instances/i HTTP/1.1\r\nHost: ${host}\r\nX-Broker-API-Version: 2.17\r\nContent-Length: 18\r\n\r\n`

let server: Server
let received: Promise<string>
let answerWith: (socket: Socket) => void

beforeEach(async () => {
  answerWith = () => {}
  server = createServer()
  received = new Promise((resolve) => {
    server.once('connection', (socket) => {
      let text = ''
      socket.on('error', () => {})
      socket.on('data', (part) => {
        text += part.toString()
        if (text.endsWith('}')) answerWith(socket)
      })
      socket.on('close', () => resolve(text))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => void server.close())

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const signal = () => AbortSignal.timeout(10_000)

it.each<[CutPoint, (whole: string, bare: string) => string]>([
  ['in the request line', () => 'PUT /v2/service_in'],
  ['in the headers', (_whole, bare) => bare.slice(0, Math.floor((36 + bare.length) / 2))],
  ['in the body', (whole) => whole.slice(0, -9)],
  ['before the last byte', (whole) => whole.slice(0, -1)],
  ['before the answer', (whole) => whole],
])('hangs up %s', async (point, expected) => {
  await cutRequest(origin(), undefined, request, point, signal())
  const bare = head(new URL(origin()).host)
  expect(await received).toBe(expected(bare + request.body, bare))
})

it('hangs up in the answer, once that has begun', async () => {
  let begun = false
  answerWith = (socket) => {
    begun = true
    socket.write('HTTP/1.1 20')
  }
  await cutRequest(origin(), undefined, request, 'in the answer', signal())
  expect(begun).toBe(true)
  expect(await received).toBe(head(new URL(origin()).host) + request.body)
})

it('ends where the broker hangs up without an answer, and where the time is over', async () => {
  answerWith = (socket) => void socket.destroy()
  await cutRequest(origin(), undefined, request, 'in the answer', signal())
  const silent = cutRequest(origin(), undefined, request, 'in the answer', AbortSignal.timeout(50))
  await expect(silent).rejects.toThrow(/abort/i)
})

it('fails where nobody listens', async () => {
  const dead = origin()
  server.close()
  await once(server, 'close')
  await expect(cutRequest(dead, undefined, request, 'in the body', signal())).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})
