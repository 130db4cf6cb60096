// A server in a process of its own; what it has used so far is asked for by messages.
import type { AddressInfo } from 'node:net'
import { brokerServer, fetchServer } from './broker-server.js'
import { memoryServer, postgresServer, statelessServer } from './lifecycle-servers.js'
import { referenceServer } from './reference-server.js'

export interface Usage {
  readonly cpuMicroseconds: number
  /** After a collection. */
  readonly heapBytes: number
}

const servers = {
  reference: referenceServer,
  broker: brokerServer,
  fetch: fetchServer,
  stateless: statelessServer,
  memory: memoryServer,
  postgres: postgresServer,
} as const
export type ServerKind = keyof typeof servers

function usage(collect: boolean): Usage {
  if (collect) (globalThis as { gc?: () => void }).gc?.()
  const { user, system } = process.cpuUsage()
  return { cpuMicroseconds: user + system, heapBytes: process.memoryUsage().heapUsed }
}

const server = await servers[process.argv[2] as ServerKind]()
// While the others take their turn, its connections are idle.
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', (message) => process.send?.(usage(message === 'collect')))
process.on('disconnect', () => process.exit())
