const brand = Symbol.for('osb.vcap.error')

/**
 * What went wrong, stable across versions: match on it, never on the message.
 *
 * - `NOT_SET`: no source is set, or only blank ones
 * - `UNREADABLE`: a path is set, and what it names cannot be read; the message ends in the system's code, such as ENOENT
 * - `INVALID_JSON`: not JSON; `line`, `column` and `path` of the first fault
 * - `DUPLICATE_KEY`: a key stands twice in one JSON object, and the read was strict; `line`, `column` and `path` of the
 *   second
 * - `INVALID_STRUCTURE`: JSON of another shape; `path` of the first fault
 * - `INVALID_SELECTOR`: a selector without a condition, with an unknown one or one of the wrong type
 * - `NO_MATCH`: no bound service fits the selector; `candidates` are all that are bound
 * - `AMBIGUOUS`: several bound services fit the selector; `candidates` are those
 * - `CREDHUB_REF`: the credentials are a CredHub reference that nobody replaced
 * - `INVALID_CREDENTIALS`: a schema or a reader refused the credentials, or a path leads nowhere; `issues` says where
 * - `INVALID_OPTION`: an option of a call is out of its range
 * - `ASYNC_SCHEMA`: the schema answers with a promise, which a synchronous read cannot await
 */
export type VcapErrorCode =
  | 'NOT_SET'
  | 'UNREADABLE'
  | 'INVALID_JSON'
  | 'DUPLICATE_KEY'
  | 'INVALID_STRUCTURE'
  | 'INVALID_SELECTOR'
  | 'NO_MATCH'
  | 'AMBIGUOUS'
  | 'CREDHUB_REF'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_OPTION'
  | 'ASYNC_SCHEMA'

/** A bound service as an error may show it: what it is called, and nothing of its credentials. */
export interface ServiceCandidate {
  readonly name: string | null
  readonly label: string
  readonly tags: readonly string[]
}

/** One place where credentials do not fit a schema. `found` is the kind of value there, such as `missing` or `number`. */
export interface CredentialsIssue {
  /** JSON pointer inside the credentials; empty for the credentials as a whole. */
  readonly path: string
  readonly found: string
}

/** What a {@link VcapError} carries beside its code; each code says which of these it has. */
export interface VcapErrorDetails {
  /** JSON pointer to the fault; empty for the whole document, `…` for a key that does not look like a name. */
  readonly path?: string
  /** Line of the fault, counted from 1. */
  readonly line?: number
  /** Column of the fault in UTF-16 code units, counted from 1. */
  readonly column?: number
  readonly candidates?: readonly ServiceCandidate[]
  readonly issues?: readonly CredentialsIssue[]
}

/** Every error that this package throws. No credential value is in its message or its fields, and it has no cause. */
export class VcapError extends Error implements VcapErrorDetails {
  declare readonly code: VcapErrorCode
  declare readonly path?: string
  declare readonly line?: number
  declare readonly column?: number
  declare readonly candidates?: readonly ServiceCandidate[]
  declare readonly issues?: readonly CredentialsIssue[]

  constructor(code: VcapErrorCode, message: string, details: VcapErrorDetails = {}) {
    super(message)
    this.code = code
    Object.assign(this, details)
  }

  static {
    Object.defineProperties(this.prototype, { name: { value: 'VcapError' }, [brand]: { value: true } })
  }
}

/** Whether a caught value is a {@link VcapError}, also one of another copy of this package. */
export function isVcapError(value: unknown): value is VcapError {
  return typeof value === 'object' && value !== null && brand in value
}
