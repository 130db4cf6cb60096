import type { LastOperation } from 'osb-protocol'
import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/**
 * An asynchronous operation ended in the state `failed`, or was not over when the time for polling was, which counts
 * as failed (POL-05). `operation` is the call that began it.
 */
export class OperationFailedError extends BrokerClientError {
  override readonly code = 'OPERATION_FAILED'
  /** What ended the wait: the broker's word, or ours. */
  readonly reason: 'failed' | 'out-of-time'
  /** `false`: the instance cannot be used any more; absent means usable (UPD-38, DEP-23). */
  readonly instance_usable: boolean | undefined
  /** `false`: the same update would fail again (ERR-07). */
  readonly update_repeatable: boolean | undefined
  /** The last valid answer to a poll; undefined when none came in time. Not enumerable: the text is the broker's. */
  declare readonly lastOperation: LastOperation | undefined

  constructor(
    message: string,
    details: FailedCall & {
      readonly reason: 'failed' | 'out-of-time'
      readonly lastOperation: LastOperation | undefined
      /** The fault of the last poll, when polling ended in faults. */
      readonly cause?: Error | undefined
    },
  ) {
    super('OPERATION_FAILED', message, details, details.cause)
    this.reason = details.reason
    this.instance_usable = details.lastOperation?.instance_usable
    this.update_repeatable = details.lastOperation?.update_repeatable
    Object.defineProperty(this, 'lastOperation', { value: details.lastOperation })
  }

  override toJSON(): Record<string, unknown> {
    const { reason, instance_usable, update_repeatable } = this
    return { ...super.toJSON(), reason, state: this.lastOperation?.state, instance_usable, update_repeatable }
  }
}

/** Whether a value is an {@link OperationFailedError}, whichever copy of the package made it. */
export function isOperationFailedError(value: unknown): value is OperationFailedError {
  return hasClientErrorCode(value, 'OPERATION_FAILED')
}
