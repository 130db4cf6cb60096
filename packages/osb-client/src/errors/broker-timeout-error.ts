import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/** Which time-out ended a call: one of its phases, or the call as a whole. */
export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'call'

/**
 * No complete answer in time (ORPH-23 … ORPH-25). When the status had come and only the body was late,
 * `orphanMitigation` is that of the status with a malformed body.
 */
export class BrokerTimeoutError extends BrokerClientError {
  override readonly code = 'BROKER_TIMEOUT'
  readonly phase: TimeoutPhase

  constructor(message: string, details: FailedCall & { readonly phase: TimeoutPhase }) {
    super('BROKER_TIMEOUT', message, details)
    this.phase = details.phase
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), phase: this.phase }
  }
}

/** Whether a value is a {@link BrokerTimeoutError}, whichever copy of the package made it. */
export function isBrokerTimeoutError(value: unknown): value is BrokerTimeoutError {
  return hasClientErrorCode(value, 'BROKER_TIMEOUT')
}
