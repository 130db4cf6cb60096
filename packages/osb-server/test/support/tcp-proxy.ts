import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A network that can fail, in front of a server of the loopback address. */
export interface TcpProxy {
  readonly port: number
  /** Ends all connections without a word. */
  cut(): void
  /** Ends all connections, and new ones as soon as they are made. */
  refuse(): void
  /** Cuts each connection when the server has received what comes next, before it can answer. */
  loseAnswers(): void
  /** Takes in everything and passes on nothing, in both directions. */
  swallow(): void
  /** New connections work as they should; those that were spoiled stay so. */
  heal(): void
  close(): Promise<void>
}

type Mode = 'pass' | 'refuse' | 'lose-answers' | 'swallow'

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  let mode: Mode = 'pass'
  const sockets = new Set<Socket>()
  const server: Server = createServer((incoming) => {
    if (mode === 'refuse') return void incoming.destroy()
    const outgoing = connect(target, '127.0.0.1')
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    incoming.on('close', () => outgoing.end()).on('data', (part) => mode !== 'swallow' && outgoing.write(part))
    outgoing.on('close', () => incoming.destroy())
    outgoing.on('data', (part) => {
      if (mode === 'lose-answers') incoming.destroy()
      else if (mode === 'pass') incoming.write(part)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    refuse() {
      mode = 'refuse'
      cut()
    },
    loseAnswers: () => void (mode = 'lose-answers'),
    swallow: () => void (mode = 'swallow'),
    heal: () => void (mode = 'pass'),
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
