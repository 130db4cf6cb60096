const brand = Symbol.for('osb.platform.error')

/** The stable codes of the local platform's errors: match on them, never on texts. */
export type PlatformErrorCode =
  /** Nothing has this name. */
  | 'NOT_FOUND'
  /** The name is taken, or the thing is there already. */
  | 'EXISTS'
  /** Several things fit; say which. */
  | 'AMBIGUOUS'
  /** An operation on the instance is not over. */
  | 'IN_PROGRESS'
  /** What is to go still has something that needs it. */
  | 'IN_USE'
  /** The offering or plan does not do this. */
  | 'NOT_SUPPORTED'
  /** The broker is not registered, and its login was not given with this command. */
  | 'LOGIN_MISSING'
  /** What was given cannot be used. */
  | 'INVALID'
  /** The state of the platform cannot be read, written or locked. */
  | 'STATE'

/** A failure of the local platform itself; failures of brokers are those of the client. Never holds a secret. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode
  /** What to do next, as a sentence. */
  readonly next: string

  constructor(code: PlatformErrorCode, message: string, next: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    Object.defineProperty(this, 'name', { value: 'PlatformError' })
    Object.defineProperty(this, brand, { value: true })
    this.code = code
    this.next = next
  }
}

/** Whether a value is a {@link PlatformError}, whichever copy of the package made it. */
export function isPlatformError(value: unknown): value is PlatformError {
  return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true
}
