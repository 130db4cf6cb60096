import { isOsbError } from '../errors.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { deleteResource } from './delete-resource.js'
import { type FindStuckOptions, type StuckRecord, type StuckResource, toStuckResource } from './find-stuck.js'
import { decide, type Lifecycle } from './lifecycle.js'

export interface SweepOptions extends Omit<FindStuckOptions, 'overdueMs'> {
  /** `true`: nothing is deleted, the report says what would be. Default `false`. */
  readonly dryRun?: boolean | undefined
  /** At most so many resources in one sweep. Default 1,000. */
  readonly maximum?: number | undefined
}

/**
 * What became of what a failed create had left:
 * - `deleted`: its `deprovision` or `unbind` is done; `deleting`: it goes on, and the next sweep finds what it leaves
 * - `would delete`: as `dryRun` was asked for
 * - `left`: its offering is gone, an operation of it or its instance runs, or it was changed meanwhile
 * - `failed`: its function failed, see `error`
 */
export type SweepAction = 'deleted' | 'deleting' | 'would delete' | 'left' | 'failed'

/** What a failed create had left, with what the sweep made of it. */
export interface SweptResource extends StuckResource {
  readonly action: SweepAction
  /** What its function threw, with `failed`. */
  readonly error?: unknown
}

export interface SweepReport {
  readonly resources: readonly SweptResource[]
  /** Whether the whole store was looked through; `false` when `maximum` was reached. */
  readonly complete: boolean
}

/**
 * Deletes what failed creates have left, one after the other (ORPH-03).
 * @param found stuck records; those for other reasons are passed over
 * @param lifecycleOf has what is offered to a tenant
 */
export async function sweepRecords(
  found: AsyncIterable<StuckRecord>,
  lifecycleOf: (tenant: string) => Lifecycle | Promise<Lifecycle>,
  { dryRun = false, maximum = 1_000 }: SweepOptions,
): Promise<SweepReport> {
  const resources: SweptResource[] = []
  for await (const stuck of found) {
    if (!stuck.reasons.includes('abandoned')) continue
    if (resources.length >= maximum) return { resources, complete: false }
    resources.push(await sweepRecord(await lifecycleOf(stuck.record.key.tenant), stuck, dryRun))
  }
  return { resources, complete: true }
}

async function sweepRecord(lifecycle: Lifecycle, found: StuckRecord, dryRun: boolean): Promise<SweptResource> {
  const stuck = toStuckResource(found)
  // Without its offering there is no function that could delete it.
  if (!lifecycle.offerings.offering(stuck.service_id)) return { ...stuck, action: 'left' }
  if (dryRun) return { ...stuck, action: 'would delete' }
  try {
    return { ...stuck, action: await deleteRemains(lifecycle, found.record) }
  } catch (error) {
    // Somebody else is at work on it.
    if (isOsbError(error) && error.code === 'ConcurrencyError') return { ...stuck, action: 'left' }
    return { ...stuck, action: 'failed', error }
  }
}

/** Only if it still is as it was found. */
function deleteRemains(lifecycle: Lifecycle, { key, operation }: ResourceRecord): Promise<SweepAction> {
  return decide<SweepAction>(lifecycle, key, async ({ instance, binding, bindingsBusy }) => {
    const current = key.binding_id === undefined ? instance : binding
    const isSame = current?.status === 'create-failed' && current.operation.id === operation.id
    const isBusy = key.binding_id === undefined ? bindingsBusy : instance?.operation.state === 'in progress'
    if (!isSame || isBusy) return 'left'
    const outcome = await deleteResource(lifecycle, current, {
      acceptsIncomplete: true,
      details: {},
      what: key.binding_id === undefined ? 'service instance' : 'service binding',
      ...(key.binding_id === undefined || !instance ? {} : { instance }),
    })
    if (typeof outcome === 'symbol') return outcome
    return outcome.outcome === 'accepted' ? 'deleting' : 'deleted'
  })
}
