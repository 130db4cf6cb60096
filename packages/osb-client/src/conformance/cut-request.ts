import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type BrokerTls, connectionOptionsOf } from '../transport/agent-options.js'

/** Where a request, or its answer, is cut off. */
export type CutPoint =
  | 'in the request line'
  | 'in the headers'
  | 'in the body'
  | 'before the last byte'
  | 'before the answer'
  | 'in the answer'

export interface CutRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends a request over a connection of its own up to a point, and hangs up there.
 * @param signal ends it, the deadline included
 * @throws whatever the connection fails with
 */
export async function cutRequest(
  origin: string,
  tls: BrokerTls | undefined,
  request: CutRequest,
  point: CutPoint,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(origin)
  const socket = open(url, tls)
  const hangUp = () => void socket.destroy()
  signal.addEventListener('abort', hangUp, { once: true })
  try {
    await once(socket, url.protocol === 'https:' ? 'secureConnect' : 'connect', { signal })
    const { head, whole } = bytesOf(url.host, request)
    const end = endOf(point, head, whole.length)
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.write(whole.subarray(0, end), (error) => (error ? reject(error) : resolve()))
    })
    // A broker that hangs up itself has cut its own answer.
    if (point === 'in the answer') await Promise.race([once(socket, 'data', { signal }), once(socket, 'close')])
  } finally {
    signal.removeEventListener('abort', hangUp)
    socket.destroy()
  }
}

function open({ protocol, hostname, port }: URL, tls: BrokerTls | undefined): Socket {
  // Brackets of IPv6 are the URL's.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (protocol !== 'https:') return connect({ host, port: Number(port || 80) })
  return connectTls({ host, port: Number(port || 443), servername: host, ...connectionOptionsOf(tls) })
}

function bytesOf(host: string, { method, path, headers, body }: CutRequest) {
  const length = { 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ Host: host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}`)
  const head = Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  return { head, whole: Buffer.concat([head, Buffer.from(body)]) }
}

function endOf(point: CutPoint, head: Buffer, length: number): number {
  switch (point) {
    case 'in the request line':
      return Math.floor(head.indexOf('\r\n') / 2)
    case 'in the headers':
      return Math.floor((head.indexOf('\r\n') + head.length) / 2)
    case 'in the body':
      return Math.floor((head.length + length) / 2)
    case 'before the last byte':
      return length - 1
    case 'before the answer':
    case 'in the answer':
      return length
  }
}
