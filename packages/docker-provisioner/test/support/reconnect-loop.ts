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
      await withinTime(login()).then(
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

const longestMs = 10_000

/** A driver whose connection is cut at the wrong moment may never say so. */
async function withinTime(login: Promise<void>): Promise<void> {
  const late = new AbortController()
  const tooLong = sleep(longestMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error('no answer to the login')
  })
  try {
    await Promise.race([login, tooLong])
  } finally {
    late.abort()
    tooLong.catch(() => {})
  }
}
