/** Lets at most so many functions run at the same time; the others wait in order. */
export interface Limiter {
  /** Runs when there is room; rejects with the signal's reason if it aborts while waiting. */
  run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>
}

export function createLimiter(maximum: number): Limiter {
  let active = 0
  const waiting = new Set<() => void>()

  function enter(signal: AbortSignal): Promise<void> {
    // An abort that has happened already would not be heard.
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    if (active < maximum) {
      active++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop)
        active++
        resolve()
      }
      const stop = () => {
        waiting.delete(go)
        reject(signal.reason as Error)
      }
      waiting.add(go)
      signal.addEventListener('abort', stop, { once: true })
    })
  }

  function leave(): void {
    active--
    const [next] = waiting
    if (!next) return
    waiting.delete(next)
    next()
  }

  return {
    async run(signal, work) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
