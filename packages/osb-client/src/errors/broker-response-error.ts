import { errorCodes, type ErrorResponse } from 'osb-protocol'
import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/**
 * The broker answered with a status that is no success of this operation (ERR-01; PROV-24 and its like).
 * `body.error` is the code of the protocol, such as `errorCodes.asyncRequired`.
 * @example if (isBrokerResponseError(error) && error.body?.error === errorCodes.concurrency) retryLater()
 */
export class BrokerResponseError extends BrokerClientError {
  override readonly code = 'BROKER_RESPONSE'
  readonly status: number
  /**
   * The error object as the broker sent it, known fields of a wrong type left out; undefined when the body was none.
   * Not enumerable, as nobody knows what a broker puts in it.
   */
  declare readonly body: ErrorResponse | undefined

  constructor(
    message: string,
    details: FailedCall & { readonly status: number; readonly body: ErrorResponse | undefined },
  ) {
    super('BROKER_RESPONSE', message, details)
    this.status = details.status
    Object.defineProperty(this, 'body', { value: details.body })
  }

  override toJSON(): Record<string, unknown> {
    // The four codes of the protocol alone: any other word is the broker's own text, and stands redacted in `message`.
    const error = Object.values(errorCodes).find((code) => code === this.body?.error)
    return { ...super.toJSON(), status: this.status, error }
  }
}

/** Whether a value is a {@link BrokerResponseError}, whichever copy of the package made it. */
export function isBrokerResponseError(value: unknown): value is BrokerResponseError {
  return hasClientErrorCode(value, 'BROKER_RESPONSE')
}
