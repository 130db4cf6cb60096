import { publishedPort } from './published-port.js'
import type { ReadyStrategy } from './ready-strategy.js'

const answerMs = 5_000

/** Ready when a GET of the path on the named port is answered with a 2xx status. Redirects are not followed. */
export function http(port: string, path = '/'): ReadyStrategy {
  return async ({ status, signal }) => {
    const url = `http://${status.probeHost}:${publishedPort(status, port)}${path}`
    try {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
      const response = await fetch(url, { signal: bounded, redirect: 'manual' })
      await response.body?.cancel()
      return response.ok ? undefined : `${path} answers ${response.status}`
    } catch {
      signal.throwIfAborted()
      return `${path} does not answer`
    }
  }
}
