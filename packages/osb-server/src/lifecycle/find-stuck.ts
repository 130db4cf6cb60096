import type { BrokerStore, OperationRecord, ResourceRecord } from '../stores/broker-store.js'
import type { Offered } from './tenant-offerings.js'

/**
 * Why a record needs somebody to look at it:
 * - `overdue`: an operation in progress is past its deadline, or has none and takes longer than `overdueMs`
 * - `abandoned`: a create failed, and nobody has deleted what it may have left for `abandonedMs`
 * - `plan gone`: the broker has no such plan any more; put it back with `retired: true`
 */
export type StuckReason = 'overdue' | 'abandoned' | 'plan gone'

/** A service instance or binding that does not get on by itself. Holds no parameters and no credentials. */
export interface StuckResource {
  readonly tenant: string
  readonly instance_id: string
  /** Undefined for an instance. */
  readonly binding_id?: string | undefined
  readonly service_id: string
  readonly plan_id: string
  readonly reasons: readonly StuckReason[]
  /** The running or last operation. */
  readonly operation: Pick<
    OperationRecord,
    'id' | 'kind' | 'state' | 'description' | 'attempt' | 'startedAtMs' | 'deadlineAtMs' | 'endedAtMs'
  >
}

export interface FindStuckOptions {
  /** Only this tenant's; the empty string: only those without. Default: all. */
  readonly tenant?: string | undefined
  /** How long an operation without a deadline may take. Default 86,400,000: a day. */
  readonly overdueMs?: number | undefined
  /** How long platforms have to delete what a failed create has left. Default 86,400,000: a day. */
  readonly abandonedMs?: number | undefined
  /** Records that are read from the store at a time, 1 to 1,000. Default 100. */
  readonly pageSize?: number | undefined
  /** Ends the search: the next page is not read, and the loop rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A record with the reasons why it is stuck. */
export interface StuckRecord {
  readonly record: ResourceRecord
  readonly reasons: readonly StuckReason[]
}

const dayMs = 86_400_000

/**
 * Goes through the store page by page, and yields what is stuck. What is written meanwhile may be seen or not.
 * @throws {TypeError} when a time is not a number from 0 on; what the signal was aborted with; faults of the store
 */
export async function* findStuckRecords(
  store: BrokerStore,
  offeredTo: (tenant: string) => Offered | Promise<Offered>,
  { tenant, overdueMs = dayMs, abandonedMs = dayMs, pageSize, signal }: FindStuckOptions,
): AsyncGenerator<StuckRecord, void, undefined> {
  for (const [name, value] of Object.entries({ overdueMs, abandonedMs }))
    if (!(value >= 0)) throw new TypeError(`${name} must be a number from 0 on, not ${String(value)}`)
  let after: string | undefined
  do {
    signal?.throwIfAborted()
    const page = await store.list({ tenant, after, limit: pageSize })
    for (const record of page.records) {
      const { index } = await offeredTo(record.key.tenant)
      const isServed = index.find(record.service_id, record.plan_id) !== undefined
      const reasons = reasonsOf(record, isServed, { overdueMs, abandonedMs })
      if (reasons.length > 0) yield { record, reasons }
      signal?.throwIfAborted()
    }
    after = page.next
  } while (after !== undefined)
}

function reasonsOf(
  { status, operation }: ResourceRecord,
  isServed: boolean,
  { overdueMs, abandonedMs }: { readonly overdueMs: number; readonly abandonedMs: number },
): StuckReason[] {
  if (status === 'deleted') return []
  const { state, startedAtMs, deadlineAtMs = startedAtMs + overdueMs, endedAtMs = 0 } = operation
  const now = Date.now()
  const runs = state === 'in progress'
  return [
    ...(runs && deadlineAtMs < now ? (['overdue'] as const) : []),
    ...(!runs && status === 'create-failed' && endedAtMs + abandonedMs <= now ? (['abandoned'] as const) : []),
    ...(isServed ? [] : (['plan gone'] as const)),
  ]
}

/** What may be told of a record. */
export function toStuckResource({ record, reasons }: StuckRecord): StuckResource {
  const { key, service_id, plan_id } = record
  const { id, kind, state, description, attempt, startedAtMs, deadlineAtMs, endedAtMs } = record.operation
  const operation = { id, kind, state, description, attempt, startedAtMs, deadlineAtMs, endedAtMs }
  return { ...key, service_id, plan_id, reasons, operation }
}
