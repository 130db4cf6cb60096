/** Lets at most so many tasks run at the same time; the others wait in order. */
export interface Limiter {
  /**
   * Takes a place, which `leave` gives back.
   * @returns nothing where there is room, else a promise of it; rejects with the reason of the task's signal if the task is
   *   halted before
   * @throws the reason of the signal of a task that was halted already
   */
  enter(task: LimitedTask): Promise<void> | undefined
  leave(): void
}

/** What runs; its signal, which is dear, is asked for only where it has to wait or was halted. */
export interface LimitedTask {
  /** Whether the signal has aborted, or would have: anything but undefined. */
  readonly halted: unknown
  readonly signal: AbortSignal
}

export function createLimiter(maximum: number): Limiter {
  let active = 0
  const waiting = new Set<() => void>()

  function waitForRoom({ signal }: LimitedTask): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop)
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
    const [next] = waiting
    if (!next) {
      active--
      return
    }
    // Its place goes to the next at once, so that nobody who comes meanwhile can take it.
    waiting.delete(next)
    next()
  }

  return {
    enter(task) {
      // An abort that has happened already would not be heard.
      if (task.halted !== undefined) task.signal.throwIfAborted()
      if (active >= maximum) return waitForRoom(task)
      active++
      return undefined
    },
    leave,
  }
}
