import type { BrokerFetch, BrokerFetchInit } from '../../src/index.js'

/** An answer of a scripted broker; an Error is thrown in its place. */
export type Scripted =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | Error

/** A request as a scripted broker saw it. */
export interface Seen extends BrokerFetchInit {
  readonly path: string
}

/** The address that goes with a scripted `fetch`. */
export const brokerUrl = 'http://broker.test'

/** A `fetch` that gives one answer after the other, and remembers what it was asked. */
export function scriptedFetch(...answers: readonly Scripted[]): { readonly fetch: BrokerFetch; readonly seen: Seen[] } {
  const seen: Seen[] = []
  const fetch: BrokerFetch = (url, init) => {
    const answer = answers[seen.length]
    seen.push({ ...init, path: url.slice(brokerUrl.length) })
    if (answer === undefined) return Promise.reject(new Error(`nothing scripted for ${init.method} ${url}`))
    if (answer instanceof Error) return Promise.reject(answer)
    const { status, body = {}, headers = {} } = answer
    return Promise.resolve({
      status,
      headers: new Headers(headers),
      text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
    })
  }
  return { fetch, seen }
}
