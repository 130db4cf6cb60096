import { type BrokerCalls, type CallDetails, type OperationName, orphanMitigation } from 'osb-protocol'
import { CallTimeout, withDeadline } from '../deadline.js'
import { BrokerTimeoutError } from '../errors/broker-timeout-error.js'
import { BrokerUnreachableError } from '../errors/broker-unreachable-error.js'
import { type Redact, redactor } from '../redact.js'
import type { Session } from '../session.js'
import { maySent, summaryOf, timeoutPhaseOf, UnsendableError } from '../transport/failure.js'
import { readAnswer } from './read-answer.js'
import { type CallArguments, requestIdentityOf, writeRequest } from './write-request.js'

/** The outcome union of an operation. */
export type OutcomeOf<Operation extends OperationName> = Awaited<ReturnType<BrokerCalls[Operation]>>

/** The arguments of an operation. */
export type CallOf<Operation extends OperationName> = NonNullable<Parameters<BrokerCalls[Operation]>[0]>

/**
 * Makes one call: request by the route table, exchange within its deadline, answer by the outcome table.
 * @throws {BrokerResponseError | MalformedResponseError} when the broker answered, but not with a proper success
 * @throws {BrokerUnreachableError | BrokerTimeoutError} when no answer came
 * @throws {TypeError} when the call cannot be written
 * @throws the reason of `details.signal` when that ended the call; what the broker did is then unknown
 */
export async function callOperation<Operation extends OperationName>(
  session: Session,
  operation: Operation,
  call: CallOf<Operation>,
  details: CallDetails = {},
): Promise<OutcomeOf<Operation>> {
  const args = call as CallArguments
  const requestIdentity = requestIdentityOf(details)
  const request = writeRequest(operation, args, details, requestIdentity, session)
  const redact = (text: string): string => redactor(session.secrets, args['parameters'])(text)
  let status: number | undefined
  const answer = await withDeadline(session.timeoutMs, details.signal, (signal) =>
    session.transport.send(request, {
      signal,
      maxResponseBytes: session.maxResponseBytes,
      onStatus: (known) => {
        status = known
      },
    }),
  ).catch((error: unknown) => {
    if (error instanceof UnsendableError) throw error
    details.signal?.throwIfAborted()
    throw noAnswer(error, { operation, requestIdentity, status, redact })
  })
  const asked = {
    operation,
    requestIdentity,
    acceptsIncomplete: args['accepts_incomplete'] === true,
    conditional: args['etag'] !== undefined,
    redact,
    nowMs: session.clock.now(),
  }
  return readAnswer(asked, answer) as OutcomeOf<Operation>
}

interface Unanswered {
  readonly operation: OperationName
  readonly requestIdentity: string
  /** Known when only the body did not come. */
  readonly status: number | undefined
  readonly redact: Redact
}

function noAnswer(error: unknown, { operation, requestIdentity, status, redact }: Unanswered): Error {
  const phase = error instanceof CallTimeout ? 'call' : timeoutPhaseOf(error)
  const ending =
    status === undefined
      ? ({ ending: 'timed-out' } as const)
      : ({ ending: 'answered', status, wellFormed: false } as const)
  const mitigation = phase !== undefined || maySent(error) ? orphanMitigation(operation, ending) : 'none'
  const failed = { operation, requestIdentity, orphanMitigation: mitigation }
  if (phase !== undefined)
    return new BrokerTimeoutError(`no complete answer in time (time-out: ${phase})`, { ...failed, phase })
  const cause = summaryOf(error, redact)
  return new BrokerUnreachableError(`no answer from the broker: ${cause.message}`, failed, cause)
}
