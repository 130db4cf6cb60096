import type { ResourceContent, ResourceRecord } from '../stores/broker-store.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import { type HeldChange, type LeaseHolder, readOne, writeHeld } from './keep-lease.js'
import { type HaltReason, OperationHalted, type Performed } from './running-operation.js'
import { sleep } from './timers.js'

/** How the author's function ended. */
export type Settlement =
  | ({ readonly settled: 'returned' } & Performed)
  | { readonly settled: 'threw'; readonly error: unknown }

/** What the end of an author's function makes of a record. */
export interface Conclusion {
  readonly content: ResourceContent
  /** The author is called once more, for the delete that had overtaken the create. */
  readonly performAgain: boolean
  readonly removeBindings: boolean
}

/** Makes of a record what the end of its function says. Undefined: the operation is left as it is, for another process. */
export type Conclude = (
  content: ResourceContent,
  settlement: Settlement,
  end: { readonly halted: HaltReason | undefined; readonly answered: boolean },
) => Conclusion | undefined

export interface WrittenEnd {
  readonly record: ResourceRecord
  /** How the function counts: as one that threw where what it returned cannot be stored. */
  readonly settlement: Settlement
  readonly performAgain: boolean
}

const pausesMs = [50, 150, 500]

/**
 * Writes how an operation ended. The store may fail for a moment, and the work is done: some more attempts are made
 * before the operation is left to a takeover, which would call the function again.
 * @returns undefined when the operation is left as it is
 * @throws {OperationHalted} when the lease is no longer held; what the store threw at the last attempt
 */
export function writeEnd(
  holder: LeaseHolder,
  held: ResourceRecord,
  returned: Settlement,
  conclude: (content: ResourceContent, settlement: Settlement) => Conclusion | undefined,
): MaybePromise<WrittenEnd | undefined> {
  let settlement = returned
  let performAgain = false

  function next(content: ResourceContent): HeldChange | undefined {
    const conclusion = conclude(content, settlement)
    if (!conclusion) return undefined
    const { content: after, removeBindings } = conclusion
    performAgain = conclusion.performAgain
    // A lease of its own fences what the create may still try to write.
    const lease = performAgain ? { owner: holder.owner, ttlMs: holder.leaseMs } : 'release'
    return { content: after, removeBindings, lease }
  }

  function toEnd(record: ResourceRecord | undefined): WrittenEnd | undefined {
    return record && { record, settlement, performAgain }
  }

  async function writeLater(failure: unknown): Promise<WrittenEnd | undefined> {
    let error = failure
    settlement = storable(held, settlement)
    for (const pauseMs of pausesMs) {
      if (error instanceof OperationHalted) throw error
      await sleep(pauseMs)
      const record = await written(holder, held)
      if (record) return { record, settlement, performAgain: false }
      try {
        return toEnd(await writeHeld(holder, held, next))
      } catch (thrown) {
        error = thrown
      }
    }
    throw error
  }

  try {
    const record = writeHeld(holder, held, next)
    return isPromise(record) ? record.then(toEnd, writeLater) : toEnd(record)
  } catch (error) {
    return writeLater(error)
  }
}

/** What no store can keep is the author's failure, and would fail at each attempt. */
function storable({ operation }: ResourceRecord, settlement: Settlement): Settlement {
  if (settlement.settled === 'threw' || operation.kind === 'delete') return settlement
  try {
    JSON.stringify(settlement.value)
    return settlement
  } catch (error) {
    return { settled: 'threw', error }
  }
}

/** The record, if a write that was reported as failed has taken effect all the same. */
async function written({ store }: LeaseHolder, held: ResourceRecord): Promise<ResourceRecord | undefined> {
  const current = await readOne(store, held.key).catch(() => undefined)
  const isOurs = current?.operation.id === held.operation.id && current.operation.state !== 'in progress'
  return isOurs ? current : undefined
}
