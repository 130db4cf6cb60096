import { type ErrorResponse, errorResponse } from 'osb-protocol'
import type { Redact } from '../redact.js'
import type { WireAnswer } from '../transport/transport.js'
import { readJsonObject } from './read-json-object.js'

/**
 * The error object of an answer, or undefined when it has none. Read with leniency, since the status has said it all:
 * a known field of a wrong type is left out, the others stay.
 */
export function readErrorBody(body: WireAnswer['body']): ErrorResponse | undefined {
  const read = readJsonObject(body)
  if ('problem' in read) return undefined
  const { error } = errorResponse.safeParse(read.body)
  const wrong = error?.issues.map(({ path }) => path[0]) ?? []
  return Object.fromEntries(Object.entries(read.body).filter(([name]) => !wrong.includes(name)))
}

/** The message for an answer that is no success. */
export function describeErrorAnswer(
  status: number,
  body: ErrorResponse | undefined,
  redact: Redact,
  refusedRedirect?: string,
): string {
  const code = body?.error === undefined ? '' : ` ${redact(body.error)}`
  const description = body?.description === undefined ? '' : `: ${redact(body.description)}`
  const redirect = status >= 300 && status < 400
  const hint = redirect ? `; the redirect is not followed${refusedRedirect ? `: ${refusedRedirect}` : ''}` : ''
  return `the broker answered ${status}${code}${description}${hint}`
}
