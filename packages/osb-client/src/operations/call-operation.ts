import {
  type BrokerCalls,
  type CallDetails,
  errorCodes,
  type OperationName,
  orphanMitigationBy,
  type RequestEnding,
} from 'osb-protocol'
import { knownRequires } from '../catalog/catalog-cache.js'
import { CallTimeout, withDeadline } from '../deadline.js'
import { type CallReport, channels, type FindingsReport } from '../diagnostics/channels.js'
import { tellEnd } from '../diagnostics/tell-end.js'
import { BrokerResponseError } from '../errors/broker-response-error.js'
import { BrokerTimeoutError } from '../errors/broker-timeout-error.js'
import { BrokerUnreachableError } from '../errors/broker-unreachable-error.js'
import { BrokerClientError } from '../errors/client-error.js'
import type { ResponseIssue } from '../errors/malformed-response-error.js'
import { recordCreate, recordDelete } from '../orphans/record-create.js'
import { type Redact, redactor } from '../redact.js'
import type { Session } from '../session.js'
import { maySent, summaryOf, timeoutPhaseOf, UnsendableError } from '../transport/failure.js'
import { assertContext, completeCall } from './complete-call.js'
import { type Answered, AuthFailure, exchange, type Outgoing, type Progress, requestFor } from './exchange.js'
import { type AnyOutcome, type Asked, readAnswer, type Reading } from './read-answer.js'
import { type CallArguments, requestIdentityOf } from './write-request.js'

/** The outcome union of an operation. */
export type OutcomeOf<Operation extends OperationName> = Awaited<ReturnType<BrokerCalls[Operation]>>

/** The arguments of an operation. */
export type CallOf<Operation extends OperationName> = NonNullable<Parameters<BrokerCalls[Operation]>[0]>

/**
 * Makes one call: request by the route table, exchange within its deadline, answer by the outcome table.
 * @param retries how many times it may be sent again where that is safe; those of the client by default
 * @throws {BrokerResponseError | MalformedResponseError} when the broker answered, but not with a proper success
 * @throws {BrokerUnreachableError | BrokerTimeoutError} when no answer came
 * @throws {UnsupportedVersionError} when the version that the broker takes does not have the call
 * @throws {TypeError} when the call cannot be written
 * @throws the reason of `details.signal` when that ended the call; what the broker did is then unknown
 */
export async function callOperation<Operation extends OperationName>(
  session: Session,
  operation: Operation,
  call: CallOf<Operation>,
  details: CallDetails = {},
  retries = session.retries,
): Promise<OutcomeOf<Operation>> {
  const args = completeCall(operation, call as CallArguments)
  assertContext(args, details)
  const report = reportOf(session, operation, args, requestIdentityOf(details))
  const outgoing = { operation, call: args, details, report, retries }
  return (await recorded(session, outgoing)) as OutcomeOf<Operation>
}

async function recorded(session: Session, outgoing: Outgoing): Promise<AnyOutcome> {
  const { ledger, versions } = session
  const { operation, report } = outgoing
  if (!ledger) return observed(session, outgoing)
  if (operation !== 'provision' && operation !== 'bind') {
    const outcome = await observed(session, outgoing)
    await recordDelete(ledger, operation, report, outcome)
    return outcome
  }
  // What cannot be sent is not to be written down.
  requestFor(session, outgoing, versions.minor)
  return recordCreate(ledger, operation, report, () => observed(session, outgoing))
}

function reportOf(
  { origin, prefix }: Session,
  operation: OperationName,
  call: CallArguments,
  requestIdentity: string,
): CallReport {
  const { instance_id, binding_id, service_id, plan_id } = call as Partial<Record<string, string>>
  return { operation, broker: origin + prefix, requestIdentity, instance_id, binding_id, service_id, plan_id }
}

async function observed(session: Session, outgoing: Outgoing): Promise<AnyOutcome> {
  const { report } = outgoing
  channels.call.publish(report)
  if (!channels.end.hasSubscribers) return send(session, outgoing)
  const startMs = performance.now()
  try {
    const outcome = await send(session, outgoing)
    tellEnd(report, startMs, { outcome: outcome.outcome })
    return outcome
  } catch (error) {
    const status = error instanceof BrokerClientError && 'status' in error ? { status: error.status as number } : {}
    tellEnd(report, startMs, { error: error instanceof BrokerClientError ? error.code : 'ABORTED', ...status })
    throw error
  }
}

async function send(session: Session, outgoing: Outgoing): Promise<AnyOutcome> {
  const { operation, call, details, report } = outgoing
  const { requestIdentity } = report
  const progress: Progress = { status: undefined, authHeaders: {} }
  const redact = (text: string): string =>
    redactor(session.secrets, Object.values(progress.authHeaders), call['parameters'])(text)
  const mitigationOf = (ending: RequestEnding) => orphanMitigationBy(session.orphanPolicy, operation, ending)
  // Before the exchange: what cannot be written is the caller's mistake, and no failure of the broker.
  const first = requestFor(session, outgoing, session.versions.minor)
  let answered: Answered
  try {
    answered = await withDeadline(session.timeoutMs, details.signal, (ending) =>
      exchange(session, outgoing, first, progress, ending),
    )
  } catch (error) {
    if (error instanceof UnsendableError || error instanceof BrokerClientError) throw error
    if (error instanceof AuthFailure) throw error.thrown
    details.signal?.throwIfAborted()
    throw noAnswer(error, { operation, requestIdentity, status: progress.status, redact, mitigationOf })
  }
  const asked = {
    operation,
    requestIdentity,
    acceptsIncomplete: call['accepts_incomplete'] === true,
    conditional: call['etag'] !== undefined,
    refusedRedirect: answered.refusedRedirect,
    requires: givesBinding(operation) ? knownRequires(session.catalogCache, call['service_id']) : undefined,
    lenient: session.lenient,
    redact,
    mitigationOf,
    nowMs: session.clock.now(),
  }
  const { outcome, findings } = readFresh(session, asked, answered)
  if (findings.length > 0) tellFindings(session, report, findings)
  return outcome
}

const givesBinding = (operation: OperationName): boolean => operation === 'bind' || operation === 'fetchBinding'

function readFresh({ catalogCache }: Session, asked: Asked, { answer }: Answered): Reading {
  try {
    return readAnswer(asked, answer)
  } catch (error) {
    // The plan has another version than our copy of the catalog says (ERR-12).
    const isConflict = error instanceof BrokerResponseError && error.body?.error === errorCodes.maintenanceInfoConflict
    if (isConflict) catalogCache.isStale = true
    throw error
  }
}

function tellFindings({ onFindings }: Session, call: CallReport, findings: readonly ResponseIssue[]): void {
  const told: FindingsReport = { call, findings }
  channels.findings.publish(told)
  onFindings?.(told)
}

interface Unanswered {
  readonly operation: OperationName
  readonly requestIdentity: string
  readonly status: number | undefined
  readonly redact: Redact
  readonly mitigationOf: (ending: RequestEnding) => BrokerClientError['orphanMitigation']
}

function noAnswer(error: unknown, { operation, requestIdentity, status, redact, mitigationOf }: Unanswered): Error {
  const phase = error instanceof CallTimeout ? 'call' : timeoutPhaseOf(error)
  const failed = { operation, requestIdentity, orphanMitigation: mitigationOf(endingOf(error, phase, status)) }
  if (phase !== undefined)
    return new BrokerTimeoutError(`no complete answer in time (time-out: ${phase})`, { ...failed, phase })
  const cause = summaryOf(error, redact)
  return new BrokerUnreachableError(`no answer from the broker: ${cause.message}`, failed, cause)
}

function endingOf(error: unknown, phase: string | undefined, status: number | undefined): RequestEnding {
  if (phase === undefined && !maySent(error)) return { ending: 'not-sent' }
  return status === undefined ? { ending: 'timed-out' } : { ending: 'answered', status, wellFormed: false }
}
