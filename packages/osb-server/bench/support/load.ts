import { connect, type Socket } from 'node:net'

const connectionCount = 16
const answerWithinMs = 20_000

/** What sends requests over some connections that are kept. */
export interface Load {
  /** Sends so many requests, one after the other on each connection. @throws when an answer is not like the first */
  send(request: Buffer, count: number, status: number): Promise<void>
  close(): void
}

export async function connectLoad(port: number): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connectionCount }, () => open(port)))
  return {
    async send(request, count, status) {
      const length = await firstLength(sockets[0] as Socket, request, status)
      const each = Math.ceil(count / connectionCount)
      await Promise.all(sockets.map((socket) => pump(socket, request, each, length)))
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.setNoDelay(true)
    socket.once('error', reject)
  })
}

/** All answers to the same request have the same length, so that the rest need not be parsed. */
function firstLength(socket: Socket, request: Buffer, status: number): Promise<number> {
  return collect(socket, request, (received) => {
    const text = received.toString('latin1')
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd < 0) return undefined
    if (!text.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`expected ${status}, got ${text.slice(0, 300)}`)
    const content = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    const total = headEnd + 4 + content
    return received.length >= total ? total : undefined
  })
}

function collect(socket: Socket, request: Buffer, read: (received: Buffer) => number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      socket.off('data', onData)
      settle()
    }
    const onData = (part: Buffer) => {
      received = Buffer.concat([received, part])
      try {
        const length = read(received)
        if (length !== undefined) finish(() => resolve(length))
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
    }
    const timer = setTimeout(() => finish(() => reject(new Error('no first answer in time'))), answerWithinMs)
    socket.on('data', onData)
    socket.write(request)
  })
}

function pump(socket: Socket, request: Buffer, count: number, length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count
    let missing = length
    const finish = (error?: Error) => {
      clearTimeout(timer)
      socket.off('data', onData)
      if (error) reject(error)
      else resolve()
    }
    const onData = (part: Buffer) => {
      missing -= part.length
      if (missing > 0) return
      if (missing < 0) return finish(new Error('an answer was longer than the first'))
      if (--left === 0) return finish()
      missing = length
      socket.write(request)
    }
    const timer = setTimeout(() => finish(new Error('no answer in time')), answerWithinMs)
    socket.on('data', onData)
    socket.write(request)
  })
}
