import type { OperationName, OrphanMitigation } from 'osb-protocol'

const brand = Symbol.for('osb.client.error')

/** The stable codes of this client's errors: match on them, or use the guards, never on texts. */
export type BrokerClientErrorCode =
  | 'BROKER_RESPONSE'
  | 'BROKER_UNREACHABLE'
  | 'BROKER_TIMEOUT'
  | 'MALFORMED_RESPONSE'
  | 'OPERATION_FAILED'
  | 'INVALID_CREDENTIALS'
  | 'UNSUPPORTED_VERSION'

/** What every error of this client tells of the call that failed. */
export interface FailedCall {
  readonly operation: OperationName
  /** `X-Broker-API-Request-Identity` of the request, to find it in the broker's log (RID-03). */
  readonly requestIdentity: string
  readonly orphanMitigation: OrphanMitigation
}

/**
 * What all errors of this client have in common. None of them holds credentials, parameters or `Authorization` where
 * a log would print them: not in `message`, `toJSON()`, `cause`, nor in enumerable properties.
 */
export abstract class BrokerClientError extends Error {
  abstract readonly code: BrokerClientErrorCode
  /** The call that failed. */
  readonly operation: OperationName
  /** `X-Broker-API-Request-Identity` of the request, to find it in the broker's log (RID-03). */
  readonly requestIdentity: string
  /** What the platform should delete now, by the table of the specification (ORPH-05 … ORPH-25). */
  readonly orphanMitigation: OrphanMitigation

  constructor(code: BrokerClientErrorCode, message: string, call: FailedCall, cause?: Error) {
    super(`${call.operation}: ${message}`, cause ? { cause } : undefined)
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true })
    Object.defineProperty(this, brand, { value: code })
    this.operation = call.operation
    this.requestIdentity = call.requestIdentity
    this.orphanMitigation = call.orphanMitigation
  }

  /** What a log may have; never a secret. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, operation, requestIdentity, orphanMitigation } = this
    return { name, code, message, operation, requestIdentity, orphanMitigation }
  }
}

/** Whether a value is an error of this client, whichever copy of the package made it. */
export function isBrokerClientError(value: unknown): value is BrokerClientError {
  return brandOf(value) !== undefined
}

/** Whether a value is the error of this client that has this code. */
export function hasClientErrorCode(value: unknown, code: BrokerClientErrorCode): boolean {
  return brandOf(value) === code
}

function brandOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { [brand]?: unknown })[brand] : undefined
}
