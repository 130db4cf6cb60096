/** The requests that are being answered. */
export interface RunningRequests {
  begin(): void
  end(): void
  /** Settles when none is left. */
  allAnswered(): Promise<void>
}

export function countRequests(): RunningRequests {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    begin() {
      running++
    },
    end() {
      if (--running === 0) for (const resolve of waiting.splice(0)) resolve()
    },
    allAnswered() {
      return running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))
    },
  }
}
