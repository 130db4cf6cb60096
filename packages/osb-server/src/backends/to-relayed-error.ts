import { type ErrorCode, errorCodes, errorResponse } from 'osb-protocol'
import { isOsbError, OsbError, type OsbErrorCode } from '../errors.js'

const codes: Readonly<Record<number, OsbErrorCode>> = {
  400: 'BadRequest',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'Unavailable',
}

/** These are about the proxy, its login and its version, and not about the platform that is to be answered. */
const notForThePlatform = new Set([401, 403, 407, 412])

/**
 * What the platform is told when a call to another broker fails: the same, where the broker answered with an error;
 * 502 where it did not answer, or not as the protocol says.
 * @param thrown told apart by its shape, `{ status, body }` for an answered error, so that any client will do
 */
export function toRelayedError(thrown: unknown): OsbError {
  if (isOsbError(thrown)) return thrown
  const { status, body } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>
  const isAnswer = typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599
  if (!isAnswer || notForThePlatform.has(status)) return OsbError.badGateway(thrown)
  const sent = errorResponse.safeParse(body).data ?? {}
  return new OsbError({
    code: protocolCode(sent.error) ?? codes[status] ?? (status < 500 ? 'BadRequest' : 'BadGateway'),
    status,
    description: sent.description ?? 'The broker behind this one refused the request.',
    body: sent,
    cause: thrown,
  })
}

function protocolCode(word: string | undefined): ErrorCode | undefined {
  return Object.values(errorCodes).find((code) => code === word)
}
