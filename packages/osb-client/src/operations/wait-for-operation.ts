import {
  type CallDetails,
  type LastOperation,
  type LastOperationOutcome,
  orphanMitigationBy,
  type OperationName,
  type PolledKind,
  routes,
} from 'osb-protocol'
import { OperationFailedError } from '../errors/operation-failed-error.js'
import { knownPlan } from '../catalog/catalog-cache.js'
import { recordEnd } from '../orphans/record-end.js'
import { pollOperation, type PollingEnd } from '../polling/poll-operation.js'
import { type PollingOptions, type PollingSettings, pollingSettings } from '../polling/polling-options.js'
import { redactor } from '../redact.js'
import type { Session } from '../session.js'
import { callOperation } from './call-operation.js'
import type { OperationEnd, PendingOperation, WaitOptions, WatchOptions } from './waiting-calls.js'

/** The calls that a broker may answer with 202, and what each does. */
const kinds = {
  provision: 'create',
  update: 'update',
  deprovision: 'delete',
  bind: 'create',
  unbind: 'delete',
} as const satisfies Partial<Record<OperationName, PolledKind>>

/**
 * Polls until the operation is over, and gives every valid answer, the last one included.
 * @throws {OperationFailedError} when it failed, or was not over in time (POL-05)
 */
export async function* watchOperation(
  session: Session,
  clientPolling: PollingOptions | undefined,
  pending: PendingOperation & { readonly requestIdentity: string },
  options: WatchOptions,
): AsyncGenerator<LastOperation, OperationEnd, void> {
  const { originatingIdentity, signal } = options
  const end = yield* pollOperation({
    kind: kinds[pending.operation],
    poll: () => pollOnce(session, pending, { originatingIdentity, signal }),
    settings: withinPlan(session, pending, options, pollingSettings(clientPolling, options)),
    clock: session.clock,
    signal,
    retryAfterSeconds: pending.accepted?.retryAfterSeconds,
  })
  await recordEnd(session, pending, end.end)
  if (end.end === 'succeeded' || end.end === 'gone') return end
  throw failure(session, pending, end)
}

/** {@link watchOperation} as a promise of the end; `onProgress` is told each answer. */
export async function waitForOperation(
  session: Session,
  clientPolling: PollingOptions | undefined,
  pending: PendingOperation & { readonly requestIdentity: string },
  options: WaitOptions,
): Promise<OperationEnd> {
  const answers = watchOperation(session, clientPolling, pending, options)
  for (;;) {
    const next = await answers.next()
    if (next.done) return next.value
    await options.onProgress?.(next.value)
  }
}

/** The shorter of the client's limit and the plan's counts (POL-03, POL-04, T21). */
function withinPlan(
  { catalogCache }: Session,
  { plan_id }: PendingOperation,
  { maximum_polling_duration }: WatchOptions,
  settings: PollingSettings,
): PollingSettings {
  const seconds = maximum_polling_duration ?? knownPlan(catalogCache, plan_id)?.maximum_polling_duration
  if (seconds === undefined || !(seconds > 0)) return settings
  return { ...settings, maximumPollingMs: Math.min(settings.maximumPollingMs, seconds * 1000) }
}

function pollOnce(session: Session, pending: PendingOperation, details: CallDetails): Promise<LastOperationOutcome> {
  const { instance_id, binding_id = '', service_id, plan_id, accepted } = pending
  const call = { instance_id, binding_id, service_id, plan_id, operation: accepted?.body.operation ?? undefined }
  // Polling is a way to try again itself.
  return callOperation(session, pollOf(pending), call, details, 0)
}

function pollOf({ operation }: PendingOperation): 'lastInstanceOperation' | 'lastBindingOperation' {
  return routes[operation].target === 'binding' ? 'lastBindingOperation' : 'lastInstanceOperation'
}

function failure(
  session: Session,
  pending: PendingOperation & { readonly requestIdentity: string },
  end: Extract<PollingEnd, { end: 'failed' | 'out-of-time' }>,
): OperationFailedError {
  const { operation, requestIdentity } = pending
  const ending =
    end.end === 'failed'
      ? ({ ending: 'answered', status: 200, wellFormed: true, state: 'failed' } as const)
      : ({ ending: 'out-of-time' } as const)
  const details = {
    operation,
    requestIdentity,
    orphanMitigation: orphanMitigationBy(session.orphanPolicy, pollOf(pending), ending, kinds[operation]),
    reason: end.end,
    lastOperation: end.lastOperation,
    cause: end.end === 'out-of-time' ? end.fault : undefined,
  }
  const description = end.lastOperation?.description
  const said = description ? `: ${redactor(session.secrets)(description)}` : ''
  const message = end.end === 'failed' ? `the operation failed${said}` : `the operation was not over in time${said}`
  return new OperationFailedError(message, details)
}
