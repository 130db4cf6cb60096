import { setTimeout as sleep } from 'node:timers/promises'

/** How often a client that reconnects all the time got in, and what refused it. */
export interface ReconnectCounts {
  readonly successes: number
  readonly failures: number
}

/**
 * Logs in again and again, as the clients of an application do that lost its connection.
 * @returns a function that ends the loop and tells how often the login worked after `from` was called
 */
export function reconnectLoop(login: () => Promise<void>) {
  let stopped = false
  let counts = { successes: 0, failures: 0 }
  const ended = (async () => {
    while (!stopped) {
      await login().then(
        () => (counts = { ...counts, successes: counts.successes + 1 }),
        () => (counts = { ...counts, failures: counts.failures + 1 }),
      )
      await sleep(5)
    }
  })()
  return {
    counts: (): ReconnectCounts => counts,
    async stop(): Promise<ReconnectCounts> {
      stopped = true
      await ended
      return counts
    },
  }
}
