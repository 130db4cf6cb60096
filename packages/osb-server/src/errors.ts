import { type ErrorCode, errorCodes, type ErrorResponse, orphanMitigation } from 'osb-protocol'

const brand = Symbol.for('osb.server.OsbError')

/** One fault found in a request, with a JSON pointer to where it is; the value itself is never repeated. */
export interface RequestIssue {
  /** JSON pointer into the request body, such as `/parameters/charset`; empty for the body as a whole. */
  readonly pointer: string
  readonly message: string
}

/** `error` words of this library beside the four of the protocol. Stable: match on them, never on texts. */
export type OsbErrorCode =
  | ErrorCode
  | 'BadRequest'
  | 'Unauthorized'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'Conflict'
  | 'UnsupportedApiVersion'
  | 'PayloadTooLarge'
  | 'Unprocessable'
  | 'TooManyRequests'
  | 'InternalError'
  | 'BadGateway'
  | 'Unavailable'

/** What an update or deprovision that failed says of the instance (ERR-05, ERR-06). */
export interface FailureHints {
  /** `false`: the instance cannot be used any more. */
  readonly instance_usable?: boolean
  /** `false`: the same update would fail again. Updates only. */
  readonly update_repeatable?: boolean
}

export interface OsbErrorOptions extends FailureHints {
  readonly code: OsbErrorCode
  readonly status: number
  /** Text for the platform's users (ERR-04); goes on the wire as it is. */
  readonly description: string
  /** The body where another broker wrote it. Default: made of `code`, `description` and the hints. */
  readonly body?: ErrorResponse
  /** Response headers that belong to the error, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>
  /** What went wrong underneath; for `onError`, never sent. */
  readonly cause?: unknown
}

/**
 * An error that the platform is told: status, `error` word and description. Authors throw it from handlers; anything
 * else that they throw becomes a 500 with a constant description.
 * @example throw OsbError.unprocessable('the new plan is smaller than the data stored')
 */
export class OsbError extends Error {
  override readonly name = 'OsbError'
  readonly code: OsbErrorCode
  readonly status: number
  readonly body: ErrorResponse
  readonly headers: Readonly<Record<string, string>>

  constructor(options: OsbErrorOptions) {
    super(options.description, options.cause === undefined ? undefined : { cause: options.cause })
    Object.defineProperty(this, brand, { value: true })
    this.code = options.code
    this.status = options.status
    this.headers = options.headers ?? {}
    this.body = options.body ?? {
      error: options.code,
      description: options.description,
      ...(options.instance_usable === undefined ? {} : { instance_usable: options.instance_usable }),
      ...(options.update_repeatable === undefined ? {} : { update_repeatable: options.update_repeatable }),
    }
  }

  /**
   * Whether a platform that is told this for a provision, bind, unbind or deprovision starts orphan mitigation: it
   * deletes what may have been left behind (ORPH-18 … ORPH-22). So do all errors of status 500 and above, those of
   * authors that nobody foresaw included; none below does: throw one of those only when nothing is left behind.
   */
  get startsOrphanMitigation(): boolean {
    return orphanMitigation('provision', { ending: 'answered', status: this.status, wellFormed: true }) !== 'none'
  }

  /** 400: the request is malformed, or its data invalid (ERR-01). */
  static badRequest(description: string, issues: readonly RequestIssue[] = []): OsbError {
    const list = issues.map(({ pointer, message }) => `${pointer === '' ? 'body' : pointer} ${message}`)
    return new OsbError({ code: 'BadRequest', status: 400, description: [description, ...list].join('; ') })
  }

  /** 401 (AUTH-07). */
  static unauthorized(challenge: string): OsbError {
    const headers = { 'WWW-Authenticate': challenge }
    return new OsbError({ code: 'Unauthorized', status: 401, description: 'This broker needs a valid login.', headers })
  }

  /** 404: fetch or poll of what does not exist (GETI-09, GETB-08), or an unknown instance (A1). */
  static notFound(description: string): OsbError {
    return new OsbError({ code: 'NotFound', status: 404, description })
  }

  /** 405: the path is known, the method is not (A22). */
  static methodNotAllowed(allow: readonly string[]): OsbError {
    const description = `This path answers to ${allow.join(', ')} only.`
    return new OsbError({ code: 'MethodNotAllowed', status: 405, description, headers: { Allow: allow.join(', ') } })
  }

  /** 409: the same id exists with other attributes (PROV-19, BIND-30). */
  static conflict(description: string): OsbError {
    return new OsbError({ code: 'Conflict', status: 409, description })
  }

  /** 412: an API version that the broker does not serve (VER-03). */
  static unsupportedApiVersion(description: string): OsbError {
    return new OsbError({ code: 'UnsupportedApiVersion', status: 412, description })
  }

  /** 413: the request body is longer than the broker takes. */
  static payloadTooLarge(limitBytes: number): OsbError {
    const description = `The request body is longer than ${limitBytes} bytes.`
    return new OsbError({ code: 'PayloadTooLarge', status: 413, description })
  }

  /** 422 `AsyncRequired` (SYN-11). */
  static asyncRequired(): OsbError {
    const description = 'This operation can only be done asynchronously; send accepts_incomplete=true.'
    return new OsbError({ code: errorCodes.asyncRequired, status: 422, description })
  }

  /** 422 `ConcurrencyError` (BLK-02): another operation stands in the way. */
  static concurrency(description: string): OsbError {
    return new OsbError({ code: errorCodes.concurrency, status: 422, description })
  }

  /** 422 `RequiresApp` (BIND-31). */
  static requiresApp(): OsbError {
    const description = 'This service can only be bound to an application; send app_guid.'
    return new OsbError({ code: errorCodes.requiresApp, status: 422, description })
  }

  /** 422 `MaintenanceInfoConflict` (MNT-07, MNT-10). */
  static maintenanceInfoConflict(description: string): OsbError {
    return new OsbError({ code: errorCodes.maintenanceInfoConflict, status: 422, description })
  }

  /** 422 without a code of the protocol: the change is not supported or not possible now (UPD-29). */
  static unprocessable(description: string, hints: FailureHints = {}): OsbError {
    return new OsbError({ code: 'Unprocessable', status: 422, description, ...hints })
  }

  /** 429: too many requests from one source; `Retry-After` says when the next one may come. */
  static tooManyRequests(retryAfterSeconds: number): OsbError {
    const headers = { 'Retry-After': String(retryAfterSeconds) }
    const description = 'Too many requests; wait before the next one.'
    return new OsbError({ code: 'TooManyRequests', status: 429, description, headers })
  }

  /** 500 with a constant description; the cause is for `onError` only. */
  static internal(cause: unknown, hints: FailureHints = {}): OsbError {
    const description = 'The broker could not carry out the request.'
    return new OsbError({ code: 'InternalError', status: 500, description, cause, ...hints })
  }

  /** 502: a broker behind this one did not answer, or not as it should; the platform cleans up what it may have left. */
  static badGateway(cause: unknown): OsbError {
    const description = 'The broker behind this one could not carry out the request.'
    return new OsbError({ code: 'BadGateway', status: 502, description, cause })
  }

  /** 503: the broker is shutting down or overloaded; the same request may work later. */
  static unavailable(description: string): OsbError {
    return new OsbError({ code: 'Unavailable', status: 503, description })
  }
}

/** Whether a value is an `OsbError`, also one of another copy of this package. */
export function isOsbError(value: unknown): value is OsbError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}
