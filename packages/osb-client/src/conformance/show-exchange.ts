import { headerNames } from 'osb-protocol'
import { masker } from '../redact.js'
import type { Exchange } from './result.js'
import type { Sent } from './sent.js'

const shownHeaders = [
  'content-type',
  'location',
  'www-authenticate',
  headerNames.etag,
  headerNames.retryAfter,
  headerNames.requestIdentity,
]
const authHeader = 'authorization'
const shownCharacters = 4000

/** Makes what a report is to show fit for it: without the login, and without the secrets of the run. */
export interface Show {
  readonly exchange: (sent: Sent) => Exchange
  /** What is said of an answer may quote it. */
  readonly text: (text: string) => string
}

/**
 * @param origin where the broker is, for the `curl` line
 * @param secrets what is known by now that is not to be shown, at any depth
 */
export function showWith(origin: string, secrets: () => readonly unknown[]): Show {
  let known: readonly unknown[] = []
  let masked = masker()
  const mask = () => {
    const now = secrets()
    const isKnown = now.length === known.length && now.every((secret, index) => secret === known[index])
    if (!isKnown) [known, masked] = [now, masker(...now)]
    return masked
  }
  return { exchange: (sent) => showExchange(sent, origin, mask()), text: (text) => mask()(text) }
}

function showExchange(sent: Sent, origin: string, mask: (text: string) => string): Exchange {
  // Cut after masking, so that no half of a secret is left at the end.
  const show = (text: string) => cut(mask(text))
  // Where the broker is was given by the user; credentials often name the same host.
  const url = `${origin}${mask(sent.path)}`
  const headers = Object.fromEntries(
    Object.entries(sent.headers).map(([name, value]) => [
      name,
      name.toLowerCase() === authHeader ? '[redacted]' : mask(value),
    ]),
  )
  const body = sent.body === undefined ? undefined : show(sent.body)
  const answer =
    sent.status === 0 ? undefined : { status: sent.status, headers: answerHeaders(sent, mask), body: show(sent.text) }
  const { label, method, failure, durationMs } = sent
  const request = { method, url, headers, body }
  return { label, request, answer, failure, durationMs, curl: curlLine(request) }
}

function answerHeaders(sent: Sent, mask: (text: string) => string): Record<string, string> {
  const found = shownHeaders.map((name): [string, string | undefined] => [name, sent.header(name)])
  return Object.fromEntries(
    found
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([name, value]) => [name, mask(value)]),
  )
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)} … (${text.length} characters)` : text
}

function curlLine({ method, url, headers, body }: Exchange['request']): string {
  const parts = ['curl', '-i', '-X', method, quote(url)]
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === authHeader) parts.push('-u "$OSB_USERNAME:$OSB_PASSWORD"')
    else parts.push('-H', quote(`${name}: ${value}`))
  }
  if (body !== undefined) parts.push('-d', quote(body))
  return parts.join(' ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
