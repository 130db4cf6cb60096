import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import amqplib from 'amqplib'
import { afterEach, expect, it } from 'vitest'
import { readRabbitmq, toAmqplibOptions, toAmqpUrl } from '../readers.js'

/** What a client said of itself while it connected. */
interface Login {
  username?: string
  password?: string
  vhost?: string
}

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** A frame of AMQP 0-9-1 with a method in it. */
function method(classId: number, methodId: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([Buffer.from([classId >> 8, classId, methodId >> 8, methodId]), ...parts])
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, Buffer.from([0xce])])
}

function longText(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}

const start = method(10, 10, Buffer.from([0, 9]), Buffer.alloc(4), longText('PLAIN'), longText('en_US'))
const tune = method(10, 30, Buffer.from([0, 0]), Buffer.from([0, 2, 0, 0]), Buffer.from([0, 0]))

/** Answers as RabbitMQ does, as far as a connection that is opened and closed goes. */
function converse(socket: Socket, login: Login): void {
  let received = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (part) => {
    received = Buffer.concat([received, part])
    if (received.subarray(0, 4).toString() === 'AMQP') {
      received = received.subarray(8)
      socket.write(start)
    }
    while (received.length >= 7 && received.length >= received.readUInt32BE(3) + 8) {
      const end = received.readUInt32BE(3) + 8
      answer(socket, received.subarray(7, end - 1), login)
      received = received.subarray(end)
    }
  })
}

function answer(socket: Socket, payload: Buffer, login: Login): void {
  if (payload.length < 4 || payload.readUInt16BE(0) !== 10) return
  const rest = payload.subarray(4)
  const kind = payload.readUInt16BE(2)
  if (kind === 11) {
    const mechanism = 4 + rest.readUInt32BE(0)
    const response = mechanism + 1 + rest.readUInt8(mechanism)
    const text = rest.subarray(response + 4, response + 4 + rest.readUInt32BE(response)).toString()
    const [, username = '', password = ''] = text.split('\0')
    Object.assign(login, { username, password })
    socket.write(tune)
  } else if (kind === 40) {
    login.vhost = rest.subarray(1, 1 + rest.readUInt8(0)).toString()
    socket.write(method(10, 41, Buffer.from([0])))
  } else if (kind === 50) socket.write(method(10, 51))
}

async function loginBy(connect: (port: number) => Promise<{ close(): Promise<void> }>): Promise<Login> {
  const login: Login = {}
  const server = createServer((socket) => converse(socket, login)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const connection = await connect((server.address() as AddressInfo).port)
  await connection.close()
  return login
}

const nasty = 'p%40@:/?#[]&=+ ;"\'\\'

it.each([
  [nasty, nasty, nasty],
  ['guest', '100%', '/'],
  ['u', '@@', 'v/w'],
  ['üser', '€🗄', '数据库'],
])('amqplib takes %j, %j and the virtual host %j from options as they are', async (username, password, vhost) => {
  const login = await loginBy((port) => {
    const service = readRabbitmq({ credentials: { hostname: '127.0.0.1', port, username, password, vhost } })
    const { url, socketOptions } = toAmqplibOptions(service)
    return amqplib.connect(url, socketOptions)
  })
  expect(login).toEqual({ username, password, vhost })
})

it.each([
  [nasty, nasty, nasty],
  ['guest', '100%', '/'],
])('amqplib takes %j, %j and the virtual host %j from a URL as they are', async (username, password, vhost) => {
  const login = await loginBy((port) =>
    amqplib.connect(
      toAmqpUrl(readRabbitmq({ credentials: { host: '127.0.0.1', port: String(port), username, password, vhost } })),
    ),
  )
  expect(login).toEqual({ username, password, vhost })
})
