import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Host ports that may be published, both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Below the range that Linux gives to outgoing connections (32768 and up) and beside what services usually take. */
export const defaultPortRange: PortRange = { first: 20_000, last: 29_999 }

/**
 * All ports of a range in an order that depends on the name only: a container made anew finds its old port first, and
 * brokers that look at once for different names begin at different ports.
 */
export function candidatePorts(name: string, { first, last }: PortRange): readonly number[] {
  const size = last - first + 1
  const start = createHash('sha256').update(name).digest().readUInt32BE() % size
  return Array.from({ length: size }, (_, index) => first + ((start + index) % size))
}

/** Whether nothing listens on the port of this host at this moment. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

const looks = 10
const pauseMs = 100

/**
 * Whether a port that cannot be exchanged for another is free within a second. Whoever looks at a port holds it for a
 * moment, another broker on this host for one, and so does a service that has just been told to end.
 */
export async function isPortFreeSoon(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  for (let look = 1; look < looks; look++) {
    if (await isPortFree(host, port)) return true
    await sleep(pauseMs, undefined, { signal })
  }
  return isPortFree(host, port)
}
