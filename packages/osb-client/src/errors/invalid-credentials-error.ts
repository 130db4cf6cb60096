import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/**
 * The binding is there and to the specification, but its credentials do not fit the schema that the caller gave to
 * `bindAndWait`. Whoever cannot use the binding unbinds it. The validator's own texts are dropped, for they may quote
 * the credentials.
 */
export class InvalidCredentialsError extends BrokerClientError {
  override readonly code = 'INVALID_CREDENTIALS'
  /** JSON pointers into `credentials`. */
  readonly pointers: readonly string[]

  constructor(details: FailedCall & { readonly pointers: readonly string[] }) {
    const places = details.pointers.map((pointer) => pointer || 'the whole').join(', ')
    super('INVALID_CREDENTIALS', `the credentials do not fit the given schema: ${places}`, details)
    this.pointers = details.pointers
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), pointers: this.pointers }
  }
}

/** Whether a value is an {@link InvalidCredentialsError}, whichever copy of the package made it. */
export function isInvalidCredentialsError(value: unknown): value is InvalidCredentialsError {
  return hasClientErrorCode(value, 'INVALID_CREDENTIALS')
}
