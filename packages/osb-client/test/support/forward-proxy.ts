import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A proxy as companies have them, on a free loopback port. */
export interface ForwardProxy {
  readonly port: number
  /** What it was asked for: `CONNECT host:port`, or a method and a whole URL. */
  readonly asked: string[]
}

/** Which login it wants, and which host each name stands for: tests have no names of their own. */
export interface ProxyRules {
  readonly login?: string
  readonly hosts?: Readonly<Record<string, string>>
}

/** Starts a proxy that tunnels (CONNECT) and forwards plain HTTP; it ends with the test. */
export async function forwardProxy({ login, hosts = {} }: ProxyRules = {}): Promise<ForwardProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const allowed = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { 'proxy-authorization': given, ...headers } = request.headers
    if (allowed !== undefined && given !== allowed) return void response.writeHead(407).end()
    const { hostname, port } = new URL(request.url ?? '')
    // The path as it came: a URL parser would change it.
    const path = (request.url ?? '').replace(/^http:\/\/[^/]*/, '')
    const target = forward(
      { host: hosts[hostname] ?? hostname, port, path, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    target.on('error', () => response.writeHead(502).end())
    request.pipe(target)
  })
  server.on('connection', track)
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push(`CONNECT ${url}`)
    if (allowed !== undefined && headers['proxy-authorization'] !== allowed)
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const { hostname, port } = new URL(`http://${url}`)
    const target = track(connect(Number(port), hosts[hostname] ?? hostname))
    target.on('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      client.pipe(target).pipe(client)
    })
    target.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as { port: number }).port, asked }
}
