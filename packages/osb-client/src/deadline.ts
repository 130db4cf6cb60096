/** The reason that a call was ended for when its whole time was over. */
export class CallTimeout extends Error {}

/**
 * Runs one call with a limit of time and an outer signal. The result is settled when either says so, even if what
 * runs inside pays no heed to its signal.
 * @throws {CallTimeout} after `timeoutMs`
 * @throws the reason of the outer signal when that is aborted
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted()
  // Not AbortSignal.any: on Node 20 a long-lived outer signal would hold on to every call ever made with it.
  const controller = new AbortController()
  let reject: (reason: unknown) => void = () => {}
  const ended = new Promise<never>((_resolve, rejectEnded) => {
    reject = rejectEnded
  })
  const end = (reason: unknown): void => {
    reject(reason)
    controller.abort(reason)
  }
  const onAbort = (): void => end(outer?.reason)
  const timer = setTimeout(() => end(new CallTimeout()), timeoutMs)
  outer?.addEventListener('abort', onAbort)
  try {
    return await Promise.race([run(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', onAbort)
  }
}
