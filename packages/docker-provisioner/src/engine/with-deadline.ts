import { ProvisionerError } from '../errors.js'
import type { CallOptions } from './call-options.js'

/**
 * Runs a call until it ends, its caller aborts it or its time is over, whichever comes first.
 * @param whenAborted `leave` rejects at once; `await` first waits for the end of `run`, within the same time: what makes
 * something must have ended when its caller goes on to remove it
 * @throws the reason of the caller's signal, or ProvisionerError `TIMEOUT`
 */
export async function withDeadline<T>(
  what: string,
  call: CallOptions | undefined,
  defaultMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  whenAborted: 'leave' | 'await' = 'leave',
): Promise<T> {
  call?.signal?.throwIfAborted()
  const timeoutMs = call?.timeoutMs ?? defaultMs
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const signal = call?.signal ? AbortSignal.any([call.signal, timeout.signal]) : timeout.signal
  const ending = whenAborted === 'await' ? timeout.signal : signal
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(new Error('aborted'))
    ending.addEventListener('abort', onAbort, { once: true })
    stopListening = () => ending.removeEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([run(signal), aborted])
  } catch (error) {
    call?.signal?.throwIfAborted()
    if (timeout.signal.aborted) throw new ProvisionerError('TIMEOUT', `${what} took longer than ${timeoutMs} ms`)
    throw error
  } finally {
    clearTimeout(timer)
    stopListening()
  }
}
