import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/**
 * The call needs something that the API version spoken with this broker does not have, and that cannot be left out
 * without changing what the call means. Nothing was sent.
 */
export class UnsupportedVersionError extends BrokerClientError {
  override readonly code = 'UNSUPPORTED_VERSION'
  /** The version that is spoken with this broker, such as `2.13`. */
  readonly apiVersion: string
  /** The first version that has it, such as `2.14`. */
  readonly neededVersion: string

  constructor(subject: string, details: FailedCall & { readonly apiVersion: string; readonly neededVersion: string }) {
    super(
      'UNSUPPORTED_VERSION',
      `${subject} came with version ${details.neededVersion}, and version ${details.apiVersion} is spoken with this broker`,
      details,
    )
    this.apiVersion = details.apiVersion
    this.neededVersion = details.neededVersion
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), apiVersion: this.apiVersion, neededVersion: this.neededVersion }
  }
}

/** Whether a value is an {@link UnsupportedVersionError}, whichever copy of the package made it. */
export function isUnsupportedVersionError(value: unknown): value is UnsupportedVersionError {
  return hasClientErrorCode(value, 'UNSUPPORTED_VERSION')
}
