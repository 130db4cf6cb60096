import { createServer, type Socket } from 'node:net'
import type { OrphanMitigation } from 'osb-protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpAnswer, socketBroker, type SocketScript } from '../../test/support/socket-broker.js'
import { createBrokerClient } from '../create-broker-client.js'
import type { BrokerClientErrorCode } from '../errors/client-error.js'

const plan = { service_id: 's', plan_id: 'p' }
const auth = { username: 'u', password: 'pw' }

/** The error of one call to a broker that does what the script says. */
async function failureOf(
  script: SocketScript,
  call: 'provision' | 'bind' | 'update' | 'deprovision' | 'unbind' | 'catalog' = 'provision',
  options: object = {},
): Promise<unknown> {
  const url = await socketBroker(script)
  const client = createBrokerClient({ url, auth, timeoutMs: 5000, ...options })
  onTestFinished(() => client.close())
  const ids = { instance_id: 'i', binding_id: 'b', ...plan }
  const answer: unknown = await client[call](ids).catch((error: unknown) => error)
  expect(answer).toBeInstanceOf(Error)
  return answer
}

const write = (text: string) => (socket: Socket) => void socket.write(text)
const end = (text: string) => (socket: Socket) => void socket.end(text)
const reset = (socket: Socket) => void socket.resetAndDestroy()
const silence = () => {}
const half = (status: number) => httpAnswer(status, '{"dashboard_url":', { 'Content-Length': '500' })
const short = { timeoutMs: 100 }

type Row = [string, SocketScript, Parameters<typeof failureOf>[1], BrokerClientErrorCode, OrphanMitigation, object?]

describe('faults on a real socket', () => {
  it.each<Row>([
    ['ORPH-23: a provision without an answer', silence, 'provision', 'BROKER_TIMEOUT', 'instance', short],
    ['ORPH-24: a bind without an answer', silence, 'bind', 'BROKER_TIMEOUT', 'binding', short],
    ['ORPH-25: an update without an answer', silence, 'update', 'BROKER_TIMEOUT', 'none', short],
    ['ORPH-25: a deprovision without an answer', silence, 'deprovision', 'BROKER_TIMEOUT', 'none', short],
    ['ORPH-25: an unbind without an answer', silence, 'unbind', 'BROKER_TIMEOUT', 'none', short],
    ['ORPH-10: a 201 whose body stops', write(half(201)), 'provision', 'BROKER_TIMEOUT', 'instance', short],
    ['ORPH-06: a 200 whose body stops', write(half(200)), 'provision', 'BROKER_TIMEOUT', 'none', short],
    ['BLK-04: a 422 whose body stops', write(half(422)), 'bind', 'BROKER_TIMEOUT', 'none', short],
    ['ORPH-01: a reset after a provision', reset, 'provision', 'BROKER_UNREACHABLE', 'instance'],
    ['ORPH-01: a reset after a bind', reset, 'bind', 'BROKER_UNREACHABLE', 'binding'],
    ['a reset after an update', reset, 'update', 'BROKER_UNREACHABLE', 'none'],
    ['a connection closed without a word', end(''), 'provision', 'BROKER_UNREACHABLE', 'instance'],
    ['what is not HTTP', end('SSH-2.0-OpenSSH_9.2\r\n'), 'provision', 'BROKER_UNREACHABLE', 'instance'],
    ['half a status line', end('HTTP/1.1 2'), 'bind', 'BROKER_UNREACHABLE', 'binding'],
    ['ORPH-10: half a body of 201', end(half(201)), 'provision', 'MALFORMED_RESPONSE', 'instance'],
    ['ORPH-11: half a body of 201', end(half(201)), 'bind', 'MALFORMED_RESPONSE', 'binding'],
    ['ORPH-06: half a body of 200', end(half(200)), 'provision', 'MALFORMED_RESPONSE', 'none'],
    ['ORPH-20: half a body of 500', end(half(500)), 'deprovision', 'BROKER_RESPONSE', 'instance'],
    ['ORPH-19: half a body of 409', end(half(409)), 'bind', 'BROKER_RESPONSE', 'none'],
    ['ORPH-10: garbage in 201', end(httpAnswer(201, '<html>')), 'provision', 'MALFORMED_RESPONSE', 'instance'],
    [
      'ORPH-11: no UTF-8 in 201',
      (s) => void s.end(Buffer.from(httpAnswer(201, '?').replace('?', '\xff'), 'latin1')),
      'bind',
      'MALFORMED_RESPONSE',
      'binding',
    ],
    ['ORPH-13: no body in 202', end(httpAnswer(202, '')), 'provision', 'MALFORMED_RESPONSE', 'instance'],
    ['ORPH-16: 204', end('HTTP/1.1 204 No Content\r\n\r\n'), 'unbind', 'BROKER_RESPONSE', 'binding'],
    [
      'a redirect',
      end(httpAnswer(307, '', { Location: 'http://127.0.0.1:1/' })),
      'provision',
      'BROKER_RESPONSE',
      'none',
    ],
    [
      'too large a catalog',
      end(httpAnswer(200, 'x'.repeat(5000))),
      'catalog',
      'MALFORMED_RESPONSE',
      'none',
      { maxResponseBytes: 4000 },
    ],
    [
      'a body without end',
      (socket) => flood(socket, 201),
      'provision',
      'MALFORMED_RESPONSE',
      'instance',
      { maxResponseBytes: 100_000 },
    ],
  ])('%s', async (_name, script, call, code, orphanMitigation, options) => {
    const error = await failureOf(script, call, options)
    expect(error).toMatchObject({ code, operation: call, orphanMitigation })
    if (code === 'BROKER_UNREACHABLE' || code === 'BROKER_TIMEOUT') expect(error).not.toHaveProperty('status')
  })

  it('names the time-out that ended the call', async () => {
    expect(await failureOf(silence, 'provision', { timeoutMs: 100 })).toMatchObject({ phase: 'call' })
    expect(await failureOf(silence, 'provision', { headersTimeoutMs: 100 })).toMatchObject({ phase: 'headers' })
    expect(await failureOf(write(half(201)), 'provision', { bodyTimeoutMs: 100 })).toMatchObject({ phase: 'body' })
  })

  it('ends a call whose broker sends one byte after the other', async () => {
    const drip: SocketScript = (socket) => {
      socket.write('HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n')
      const timer = setInterval(() => socket.write(' '), 10)
      socket.on('close', () => clearInterval(timer))
    }
    const error = await failureOf(drip, 'provision', { timeoutMs: 200, bodyTimeoutMs: 1000 })
    expect(error).toMatchObject({ code: 'BROKER_TIMEOUT', phase: 'call', orphanMitigation: 'instance' })
  })

  it('where no connection was made, nothing can have been created', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    const { port } = await new Promise<{ port: number }>((resolve) =>
      server.on('listening', () => resolve(server.address() as { port: number })),
    )
    await new Promise((resolve) => server.close(resolve))
    const client = createBrokerClient({ url: `http://127.0.0.1:${port}`, auth })
    const error: unknown = await client.provision({ instance_id: 'i', ...plan }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'BROKER_UNREACHABLE',
      orphanMitigation: 'none',
      cause: { code: 'ECONNREFUSED' },
      message: expect.stringContaining('ECONNREFUSED') as unknown,
    })
    await client.close()
  })

  it('rejects with the reason of the signal when the caller aborts, before and during the call', async () => {
    const url = await socketBroker(silence)
    const client = createBrokerClient({ url, auth })
    onTestFinished(() => client.close())
    const reason = new Error('the user pressed Ctrl-C')
    const call = { instance_id: 'i', ...plan }
    await expect(client.provision(call, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 50)
    await expect(client.provision(call, { signal: controller.signal })).rejects.toBe(reason)
  })
})

function flood(socket: Socket, status: number): void {
  socket.write(`HTTP/1.1 ${status} OK\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', more)
  }
  more()
}
