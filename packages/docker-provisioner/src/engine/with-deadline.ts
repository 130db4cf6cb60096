import { ProvisionerError } from '../errors.js'
import type { CallOptions } from './call-options.js'

/**
 * Runs a call until it ends, its caller aborts it or its time is over, whichever comes first.
 * @throws the reason of the caller's signal, or ProvisionerError `TIMEOUT`
 */
export async function withDeadline<T>(
  what: string,
  call: CallOptions | undefined,
  defaultMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  call?.signal?.throwIfAborted()
  const timeoutMs = call?.timeoutMs ?? defaultMs
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const signal = call?.signal ? AbortSignal.any([call.signal, timeout.signal]) : timeout.signal
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(new Error('aborted'))
    signal.addEventListener('abort', onAbort, { once: true })
    stopListening = () => signal.removeEventListener('abort', onAbort)
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
