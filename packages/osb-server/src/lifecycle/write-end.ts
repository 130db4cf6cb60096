import type { ResourceContent, ResourceRecord } from '../stores/broker-store.js'
import { type LeaseHolder, readOne, writeHeld } from './keep-lease.js'
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
  readonly performAgain: boolean
}

const pausesMs = [50, 150, 500]

/**
 * Writes how an operation ended. The store may fail for a moment, and the work is done: some more attempts are made
 * before the operation is left to a takeover, which would call the function again.
 * @returns undefined when the operation is left as it is
 * @throws {OperationHalted} when the lease is no longer held; what the store threw at the last attempt
 */
export async function writeEnd(
  holder: LeaseHolder,
  held: ResourceRecord,
  conclude: (content: ResourceContent) => Conclusion | undefined,
): Promise<WrittenEnd | undefined> {
  for (const pauseMs of pausesMs) {
    try {
      return await writeOnce(holder, held, conclude)
    } catch (error) {
      if (error instanceof OperationHalted) throw error
      await sleep(pauseMs)
      const record = await written(holder, held)
      if (record) return { record, performAgain: false }
    }
  }
  return writeOnce(holder, held, conclude)
}

async function writeOnce(
  holder: LeaseHolder,
  held: ResourceRecord,
  conclude: (content: ResourceContent) => Conclusion | undefined,
): Promise<WrittenEnd | undefined> {
  let performAgain = false
  const record = await writeHeld(holder, held, (content) => {
    const conclusion = conclude(content)
    if (!conclusion) return undefined
    const { content: after, removeBindings } = conclusion
    performAgain = conclusion.performAgain
    // A lease of its own fences what the create may still try to write.
    const lease = performAgain ? ({ owner: holder.owner, ttlMs: holder.leaseMs } as const) : 'release'
    return { content: after, removeBindings, lease }
  })
  return record && { record, performAgain }
}

/** The record, if a write that was reported as failed has taken effect all the same. */
async function written({ store }: LeaseHolder, held: ResourceRecord): Promise<ResourceRecord | undefined> {
  const current = await readOne(store, held.key).catch(() => undefined)
  const isOurs = current?.operation.id === held.operation.id && current.operation.state !== 'in progress'
  return isOurs ? current : undefined
}
