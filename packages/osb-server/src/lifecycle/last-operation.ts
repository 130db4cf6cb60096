import type {
  LastBindingOperationCall,
  LastInstanceOperationCall,
  LastOperation,
  LastOperationOutcome,
} from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { OperationOutcome, ResourceRecord } from '../stores/broker-store.js'
import { withoutUndefined } from '../stores/json-copy.js'
import { createOf, type Lifecycle } from './lifecycle.js'

/** How far an operation of an instance is (LOI-08 … LOI-28). */
export async function lastInstanceOperation(
  lifecycle: Lifecycle,
  { instance_id, operation }: LastInstanceOperationCall,
  { tenant }: RequestDetails,
): Promise<LastOperationOutcome> {
  const { instance } = await lifecycle.store.read({ tenant, instance_id })
  return lastOperation(lifecycle, instance, operation, 'service instance')
}

/** How far an operation of a binding is (LOB-10 … LOB-26). */
export async function lastBindingOperation(
  lifecycle: Lifecycle,
  { instance_id, binding_id, operation }: LastBindingOperationCall,
  { tenant }: RequestDetails,
): Promise<LastOperationOutcome> {
  const { binding } = await lifecycle.store.read({ tenant, instance_id, binding_id })
  const outcome = lastOperation(lifecycle, binding, operation, 'service binding')
  if (outcome.outcome !== 'found') return outcome
  // These two belong to instances only (A21).
  const { instance_usable: _usable, update_repeatable: _repeatable, ...body } = outcome.body
  return { ...outcome, body }
}

function lastOperation(
  { offerings }: Lifecycle,
  record: ResourceRecord | undefined,
  asked: string | undefined,
  what: string,
): LastOperationOutcome {
  // A create that was refused on its first answer left nothing (ERR-13), but for a tombstone. Only who joined it in
  // another process, and was told 202, can ask for it by name.
  const refused = record?.status === 'deleted' && record.operation.kind !== 'delete' && asked !== record.operation.id
  const known = refused ? undefined : record
  const previous = known?.operation.previous
  if (previous && asked === previous.id) return found(stateOf(previous))
  if (known && isOvertaken(known, asked)) return overtaken(known, asked)
  if (known && (asked === undefined || asked === known.operation.id)) {
    const expected = offerings.offering(known.service_id)?.expectedDurationSeconds
    return found(stateOf(known.operation), retryAfter(known, expected))
  }
  // A delete that is forgotten has succeeded (A4); a create that something else followed is read off the resource.
  if (asked?.startsWith('delete-') && !known) return { outcome: 'gone', body: {} }
  const isItsCreate = known !== undefined && asked !== undefined && asked === createOf(known)
  if (isItsCreate && known.status === 'live') return found({ state: 'succeeded' })
  if (isItsCreate) return found({ state: 'failed', description: `The ${what} was not created.` })
  throw OsbError.notFound(known ? `This operation of the ${what} is not known.` : `There is no such ${what}.`)
}

/** Whether the poll is about a create that a delete has overtaken, or about this delete, and not about what was before. */
function isOvertaken({ operation: { id, overtakenBy } }: ResourceRecord, asked: string | undefined): boolean {
  return overtakenBy !== undefined && (asked === undefined || asked === id || asked === overtakenBy)
}

/** While an overtaken create ends, the poll shows the delete (DEP-04), unless it asks for the create by name. */
function overtaken({ operation }: ResourceRecord, asked: string | undefined): LastOperationOutcome {
  if (asked === operation.id) return found({ state: 'failed', description: 'A delete ended this operation.' })
  return found({ state: 'in progress' })
}

/** While an operation runs, what it says of a failure is not said yet (LOI-21, LOI-22). */
function stateOf({ state, description, instance_usable, update_repeatable }: OperationOutcome): LastOperation {
  const hints = state === 'failed' ? { instance_usable, update_repeatable } : {}
  return withoutUndefined({ state, description, ...hints })
}

/** The rest of the usual duration, at least a second; none when the operation has ended (LOI-24, LOI-26). */
function retryAfter({ operation }: ResourceRecord, expectedSeconds: number | undefined): number | undefined {
  if (expectedSeconds === undefined || operation.state !== 'in progress') return undefined
  return Math.max(1, Math.ceil(expectedSeconds - (Date.now() - operation.startedAtMs) / 1000))
}

function found(body: LastOperation, retryAfterSeconds?: number): LastOperationOutcome {
  return { outcome: 'found', body, ...withoutUndefined({ retryAfterSeconds }) }
}
