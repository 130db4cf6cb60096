import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/**
 * No answer: no connection, or one that broke before a status came, or something that is not HTTP. After a request
 * that may have been sent, `orphanMitigation` is that of a request without an answer (ORPH-01, ORPH-23, ORPH-24);
 * where no connection was made, nothing can have been created.
 */
export class BrokerUnreachableError extends BrokerClientError {
  override readonly code = 'BROKER_UNREACHABLE'

  constructor(message: string, details: FailedCall, cause: Error) {
    super('BROKER_UNREACHABLE', message, details, cause)
  }
}

/** Whether a value is a {@link BrokerUnreachableError}, whichever copy of the package made it. */
export function isBrokerUnreachableError(value: unknown): value is BrokerUnreachableError {
  return hasClientErrorCode(value, 'BROKER_UNREACHABLE')
}
