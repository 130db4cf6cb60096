/** The reason that a call was ended for when its whole time was over. */
export class CallTimeout extends Error {}

/** What may end a call before its time. An `AbortSignal` costs more than most calls need, so it is made on demand. */
export interface Ending {
  readonly isOver: boolean
  readonly reason: unknown
  readonly signal: AbortSignal
  /** What to do at the end; at once when it is over already. Replaces what was set before. */
  onEnd(listener: (reason: unknown) => void): void
  /** @throws the reason when it is over */
  throwIfOver(): void
}

/**
 * Runs one call with a limit of time and an outer signal. The result is settled when either says so, even if what
 * runs inside pays no heed to its ending.
 * @throws {CallTimeout} after `timeoutMs`
 * @throws the reason of the outer signal when that is aborted
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  run: (ending: Ending) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted()
  const ending = new CallEnding()
  // Not AbortSignal.any: on Node 20 a long-lived outer signal would hold on to every call ever made with it.
  const onAbort = outer && ((): void => ending.end(outer.reason))
  const timer = setTimeout(() => ending.end(new CallTimeout()), timeoutMs)
  if (onAbort) outer.addEventListener('abort', onAbort)
  try {
    return await new Promise<T>((resolve, reject) => {
      ending.rejectCall = reject
      run(ending).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    if (onAbort) outer.removeEventListener('abort', onAbort)
  }
}

class CallEnding implements Ending {
  isOver = false
  reason: unknown
  rejectCall: (reason: Error) => void = () => {}
  #controller: AbortController | undefined
  #listener: ((reason: unknown) => void) | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.isOver) this.#controller.abort(this.reason)
    return this.#controller.signal
  }

  onEnd(listener: (reason: unknown) => void): void {
    this.#listener = listener
    if (this.isOver) listener(this.reason)
  }

  throwIfOver(): void {
    if (this.isOver) throw this.reason as Error
  }

  end(reason: unknown): void {
    if (this.isOver) return
    this.isOver = true
    this.reason = reason
    this.rejectCall(reason as Error)
    this.#controller?.abort(reason)
    this.#listener?.(reason)
  }
}
