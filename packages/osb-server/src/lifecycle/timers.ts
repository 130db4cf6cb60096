/** Timers of a broker must not keep a process alive that has nothing else to do; only Node's timers know `unref`. */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}

/** Calls a function at a time of day; at once if it has passed. The result is for `clearTimeout`. */
export function callAt(atMs: number | undefined, call: () => void): ReturnType<typeof setTimeout> | undefined {
  if (atMs === undefined) return undefined
  const ms = atMs - Date.now()
  if (ms <= 0) {
    call()
    return undefined
  }
  // setTimeout counts to 2^31 - 1 ms (24 days); beyond that it would call at once.
  if (ms > 2 ** 31 - 1) return undefined
  const timer = setTimeout(call, ms)
  unref(timer)
  return timer
}

/** What a promise resolves to, or undefined if that takes longer. */
export function within<Result>(promise: Promise<Result>, ms: number): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, undefined)
    promise.then(
      (result) => {
        clearTimeout(timer)
        resolve(result)
      },
      (error: Error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
