import {
  type CallDetails,
  type LastOperationOutcome,
  orphanMitigation,
  type OperationName,
  type PolledKind,
  routes,
} from 'osb-protocol'
import { OperationFailedError } from '../errors/operation-failed-error.js'
import { pollOperation, type PollingEnd } from '../polling/poll-operation.js'
import { type PollingOptions, pollingSettings } from '../polling/polling-options.js'
import { redactor } from '../redact.js'
import type { Session } from '../session.js'
import { callOperation } from './call-operation.js'
import type { WaitOptions } from './waiting-calls.js'

/** The calls that a broker may answer with 202, and what each does. */
const kinds = {
  provision: 'create',
  update: 'update',
  deprovision: 'delete',
  bind: 'create',
  unbind: 'delete',
} as const satisfies Partial<Record<OperationName, PolledKind>>

/** An operation that the broker accepted and that is not over. */
export interface Pending {
  readonly operation: keyof typeof kinds
  readonly requestIdentity: string
  readonly instance_id: string
  readonly binding_id?: string | undefined
  readonly service_id?: string | undefined
  /** While a plan changes, the old one (T17). */
  readonly plan_id?: string | undefined
  readonly accepted: {
    readonly body: { readonly operation?: string | null | undefined }
    readonly retryAfterSeconds?: number | undefined
  }
}

/**
 * Polls until the operation is over.
 * @throws {OperationFailedError} when it failed, or was not over in time (POL-05)
 */
export async function waitForOperation(
  session: Session,
  clientPolling: PollingOptions | undefined,
  pending: Pending,
  options: WaitOptions,
): Promise<Extract<PollingEnd, { end: 'succeeded' | 'gone' }>> {
  const { originatingIdentity, signal, onProgress } = options
  const end = await pollOperation({
    kind: kinds[pending.operation],
    poll: () => pollOnce(session, pending, { originatingIdentity, signal }),
    settings: pollingSettings(clientPolling, options),
    clock: session.clock,
    signal,
    retryAfterSeconds: pending.accepted.retryAfterSeconds,
    onProgress,
  })
  if (end.end === 'succeeded' || end.end === 'gone') return end
  throw failure(session, pending, end)
}

function pollOnce(session: Session, pending: Pending, details: CallDetails): Promise<LastOperationOutcome> {
  const { instance_id, binding_id = '', service_id, plan_id, accepted } = pending
  const call = { instance_id, binding_id, service_id, plan_id, operation: accepted.body.operation ?? undefined }
  return callOperation(session, pollOf(pending), call, details)
}

function pollOf({ operation }: Pending): 'lastInstanceOperation' | 'lastBindingOperation' {
  return routes[operation].target === 'binding' ? 'lastBindingOperation' : 'lastInstanceOperation'
}

function failure(
  session: Session,
  pending: Pending,
  end: Extract<PollingEnd, { end: 'failed' | 'out-of-time' }>,
): OperationFailedError {
  const { operation, requestIdentity } = pending
  // Out of time counts as failed (POL-05), for orphans too: what becomes of the operation, nobody will ask any more.
  const ending = { ending: 'answered', status: 200, wellFormed: true, state: 'failed' } as const
  const details = {
    operation,
    requestIdentity,
    orphanMitigation: orphanMitigation(pollOf(pending), ending, kinds[operation]),
    reason: end.end,
    lastOperation: end.lastOperation,
    cause: end.end === 'out-of-time' ? end.fault : undefined,
  }
  const description = end.lastOperation?.description
  const said = description ? `: ${redactor(session.secrets)(description)}` : ''
  const message = end.end === 'failed' ? `the operation failed${said}` : `the operation was not over in time${said}`
  return new OperationFailedError(message, details)
}
