import { BrokerClientError, type FailedCall, hasClientErrorCode } from './client-error.js'

/** One fault of an answer; the value at that place is never repeated. */
export interface ResponseIssue {
  /** JSON pointer into the body, such as `/services/0/plans`; empty for the answer as a whole. */
  readonly pointer: string
  readonly message: string
  /** The requirement that is broken, such as `CAT-28`, where it is a single one. */
  readonly requirement?: string | undefined
}

const shownIssues = 3

/** The broker answered with a status of success, but the answer is not to the specification. */
export class MalformedResponseError extends BrokerClientError {
  override readonly code = 'MALFORMED_RESPONSE'
  readonly status: number
  readonly issues: readonly ResponseIssue[]

  constructor(details: FailedCall & { readonly status: number; readonly issues: readonly ResponseIssue[] }) {
    super(
      'MALFORMED_RESPONSE',
      `the answer ${details.status} is not to the specification: ${listOf(details.issues)}`,
      details,
    )
    this.status = details.status
    this.issues = details.issues
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), status: this.status, issues: this.issues }
  }
}

function listOf(issues: readonly ResponseIssue[]): string {
  const shown = issues
    .slice(0, shownIssues)
    .map(({ pointer, message, requirement }) => `${pointer} ${message}${requirement ? ` (${requirement})` : ''}`.trim())
  return issues.length > shownIssues ? `${shown.join('; ')}; and ${issues.length - shownIssues} more` : shown.join('; ')
}

/** Whether a value is a {@link MalformedResponseError}, whichever copy of the package made it. */
export function isMalformedResponseError(value: unknown): value is MalformedResponseError {
  return hasClientErrorCode(value, 'MALFORMED_RESPONSE')
}
