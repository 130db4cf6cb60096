import { UnsendableError } from './failure.js'
import type { ExchangeLimits, Transport, WireAnswer, WireRequest } from './transport.js'

/** What the client passes to a `fetch`. */
export interface BrokerFetchInit {
  method: string
  headers: Record<string, string>
  body?: string
  /** Always `manual`: redirects are not followed. */
  redirect: 'manual'
  signal: AbortSignal
}

/**
 * The part of `fetch` that this client uses. The global one, undici's and `(url, init) => broker.fetch(new
 * Request(url, init))` fit it.
 */
export type BrokerFetch = (
  url: string,
  init: BrokerFetchInit,
) => Promise<{
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}>

/** A transport over a `fetch`: for tests in-process, msw, or another HTTP stack. */
export function fetchTransport(origin: string, fetch: BrokerFetch): Transport {
  return {
    async send({ method, path, headers, body }: WireRequest, limits: ExchangeLimits): Promise<WireAnswer> {
      const url = origin + path
      assertSurvivesParsing(url, path)
      const init: BrokerFetchInit = {
        method,
        headers: { ...headers },
        redirect: 'manual',
        signal: limits.ending.signal,
      }
      if (body !== undefined) init.body = body
      const answer = await fetch(url, init)
      limits.onStatus(answer.status)
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name) ?? undefined,
        body: await readBody(answer, limits),
      }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * A `fetch` parses its URL, and URL parsers resolve `%2E%2E` too. Deleting the binding `..` would then delete the
 * instance; so it is refused (T33).
 */
function assertSurvivesParsing(url: string, path: string): void {
  const parsed = new URL(url)
  if (parsed.pathname + parsed.search !== path)
    throw new UnsendableError('an id of "." or ".." cannot be sent with the fetch option; use the default transport')
}

async function readBody(
  answer: Awaited<ReturnType<BrokerFetch>>,
  { ending, maxResponseBytes }: ExchangeLimits,
): Promise<WireAnswer['body']> {
  if (Number(answer.headers.get('content-length')) > maxResponseBytes) return { fault: 'too large' }
  try {
    const text = await answer.text()
    return Buffer.byteLength(text) > maxResponseBytes ? { fault: 'too large' } : { text }
  } catch {
    ending.throwIfOver()
    return { fault: 'cut off' }
  }
}
