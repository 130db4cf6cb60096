import type { OperationName } from 'osb-protocol'
import type { CallReport } from '../diagnostics/channels.js'
import { isBrokerResponseError } from '../errors/broker-response-error.js'
import { isBrokerClientError } from '../errors/client-error.js'
import { isUnsupportedVersionError } from '../errors/unsupported-version-error.js'
import type { AnyOutcome } from '../operations/read-answer.js'
import { maySent } from '../transport/failure.js'
import type { LedgerEntry, LedgerState, OrphanLedger } from './orphan-ledger.js'

/** An entry of a ledger without its state. */
export type LedgerSubject = Omit<LedgerEntry, 'state' | 'operation'>

/**
 * Runs a provision or bind between two writes of the ledger.
 * @throws what the ledger throws; before the request, nothing was sent then
 */
export async function recordCreate(
  ledger: OrphanLedger,
  operation: 'provision' | 'bind',
  report: CallReport,
  run: () => Promise<AnyOutcome>,
): Promise<AnyOutcome> {
  const subject = subjectOf(operation === 'bind' ? 'binding' : 'instance', report)
  await ledger.write({ ...subject, state: 'creating' })
  let outcome: AnyOutcome
  try {
    outcome = await run()
  } catch (error) {
    const state = stateAfter(error)
    if (state) await ledger.write({ ...subject, state })
    throw error
  }
  if (outcome.outcome !== 'accepted') await ledger.write({ ...subject, state: 'created' })
  else await ledger.write({ ...subject, state: 'pending', ...operationOf(outcome) })
  return outcome
}

/** Writes down that a delete has succeeded; other outcomes of other operations are none of a ledger's business. */
export async function recordDelete(
  ledger: OrphanLedger,
  operation: OperationName,
  report: CallReport,
  { outcome }: AnyOutcome,
): Promise<void> {
  if ((operation !== 'deprovision' && operation !== 'unbind') || outcome === 'accepted') return
  await ledger.write({ ...subjectOf(operation === 'unbind' ? 'binding' : 'instance', report), state: 'deleted' })
}

/** What a ledger knows a resource by. */
export function subjectOf(target: 'instance' | 'binding', report: CallReport): LedgerSubject {
  const { broker, instance_id = '', binding_id, service_id, plan_id, requestIdentity } = report
  const binding = target === 'binding' ? { binding_id } : {}
  return { broker, target, instance_id, ...binding, service_id, plan_id, requestIdentity }
}

/**
 * An abort leaves it open what the broker did, and so does a 200 that cannot be read: the entry then stays as it is.
 */
function stateAfter(error: unknown): LedgerState | undefined {
  if (!isBrokerClientError(error)) return undefined
  if (error.orphanMitigation !== 'none') return 'orphan'
  const isRefused = isBrokerResponseError(error) && error.status >= 300 && error.status < 500
  return isRefused || isUnsupportedVersionError(error) || !maySent(error) ? 'rejected' : undefined
}

function operationOf({ body }: AnyOutcome): { readonly operation?: string } {
  const operation: unknown = body && 'operation' in body ? body.operation : undefined
  return typeof operation === 'string' ? { operation } : {}
}
