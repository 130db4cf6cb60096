import type { ResourceContent, ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { keepLease, type LeaseHolder, writeHeld } from './keep-lease.js'
import { createLimiter } from './limiter.js'
import {
  type HaltReason,
  keyText,
  type OperationControl,
  type OperationEnd,
  OperationHalted,
  type RunningOperation,
} from './running-operation.js'
import { callAt, unref, within } from './timers.js'

/** How the author's function ended. */
export type Settlement =
  | { readonly settled: 'returned'; readonly value: unknown }
  | { readonly settled: 'threw'; readonly error: unknown }

/** What the end of an author's function makes of a record. */
export interface Conclusion {
  readonly content: ResourceContent
  /** The author is called once more, for the delete that had overtaken the create. */
  readonly performAgain: boolean
  readonly removeBindings: boolean
}

export interface EngineOptions extends LeaseHolder {
  /** Author functions that run at the same time; the rest wait as `in progress`. */
  readonly maximumRunning: number
  /** Calls the author's function for a record. */
  readonly perform: (record: ResourceRecord, control: OperationControl) => Promise<unknown>
  /** Undefined: the operation is left as it is, for another process. */
  readonly conclude: (
    content: ResourceContent,
    settlement: Settlement,
    end: { readonly halted: HaltReason | undefined; readonly answered: boolean },
  ) => Conclusion | undefined
}

/** Runs operations under leases, and takes over those of processes that died. */
export interface OperationEngine {
  /** Starts the work on a record whose lease this process has just taken. */
  begin(record: ResourceRecord): RunningOperation
  find(key: ResourceKey): RunningOperation | undefined
  /** Takes over lapsed operations now; done at start and every heartbeat by itself, too. */
  claim(): Promise<void>
  /**
   * Waits for running operations, at most `drainMs`; halts the rest and gives up the leases of those that end then,
   * so that another process can go on at once.
   */
  close(drainMs: number): Promise<void>
}

/** One run of an author's function; a delete that had overtaken a create is a second one. */
interface Phase {
  controller: AbortController
  halted: HaltReason | undefined
}

const claimsAtOnce = 20
const settleGraceMs = 2_000

export function createOperationEngine(options: EngineOptions): OperationEngine {
  const { store, owner, leaseMs, heartbeatMs, onFault } = options
  const running = new Map<string, RunningOperation>()
  const limiter = createLimiter(options.maximumRunning)
  let closed = false
  let claiming: Promise<void> | undefined
  const timer = setInterval(() => void claim(), heartbeatMs)
  unref(timer)
  // What a process that died left behind need not wait for the first heartbeat.
  void claim()

  function begin(record: ResourceRecord): RunningOperation {
    const phase: Phase = { controller: new AbortController(), halted: undefined }
    const operation: RunningOperation = {
      key: record.key,
      operationId: record.operation.id,
      answered: false,
      settled: false,
      halt(why) {
        if (phase.halted || operation.settled) return
        phase.halted = why
        phase.controller.abort(new OperationHalted(why))
      },
      ended: Promise.resolve({}),
    }
    const ended = keepLease(options, record, operation, () => work(record, operation, phase))
      .catch((error: unknown): OperationEnd => ({ error }))
      .then((end) => {
        running.delete(keyText(record.key))
        // What a platform waits for is reported with its answer.
        const unheard = operation.answered || !end.record
        if (unheard && end.error !== undefined && !(end.error instanceof OperationHalted)) onFault(end.error, record)
        return end
      })
    Object.assign(operation, { ended })
    running.set(keyText(record.key), operation)
    return operation
  }

  async function work(first: ResourceRecord, operation: RunningOperation, phase: Phase): Promise<OperationEnd> {
    let record = first
    for (;;) {
      const settlement = await perform(record, phase.controller.signal, operation)
      operation.settled = true
      const { halted } = phase
      const error = settlement.settled === 'threw' ? settlement.error : undefined
      if (halted === 'lease-lost') return { error: error ?? new OperationHalted('lease-lost') }
      const end = await writeEnd(record, settlement, { halted, answered: operation.answered })
      if (!end) {
        await store.releaseLease(record.key, record.lease?.token ?? 0)
        return { error: new OperationHalted('shutdown') }
      }
      if (!end.performAgain) return { record: end.record, error }
      // The delete was told 202; it begins with a signal of its own.
      record = end.record
      Object.assign(operation, { answered: true, settled: false })
      Object.assign(phase, { controller: new AbortController(), halted: undefined })
    }
  }

  async function perform(
    record: ResourceRecord,
    signal: AbortSignal,
    operation: RunningOperation,
  ): Promise<Settlement> {
    // A create that a delete had overtaken when its process died is not begun again.
    if (record.operation.overtakenBy !== undefined) return { settled: 'threw', error: new OperationHalted('overtaken') }
    const deadline = callAt(record.operation.deadlineAtMs, () => operation.halt('deadline'))
    try {
      const control: OperationControl = { signal, amend: (change) => amend(record, operation, change) }
      const value = await limiter.run(signal, () => {
        signal.throwIfAborted()
        return options.perform(record, control)
      })
      return { settled: 'returned', value }
    } catch (error) {
      return { settled: 'threw', error }
    } finally {
      clearTimeout(deadline)
    }
  }

  async function amend(
    held: ResourceRecord,
    operation: RunningOperation | undefined,
    change: (content: ResourceContent) => ResourceContent,
  ): Promise<ResourceRecord> {
    try {
      const written = await writeHeld(options, held, (content) => ({ content: change(content), lease: 'keep' }))
      return written ?? held
    } catch (error) {
      if (error instanceof OperationHalted) operation?.halt('lease-lost')
      throw error
    }
  }

  async function writeEnd(
    held: ResourceRecord,
    settlement: Settlement,
    end: { readonly halted: HaltReason | undefined; readonly answered: boolean },
  ): Promise<{ record: ResourceRecord; performAgain: boolean } | undefined> {
    let conclusion: Conclusion | undefined
    const record = await writeHeld(options, held, (content) => {
      conclusion = options.conclude(content, settlement, end)
      if (!conclusion) return undefined
      const { content: after, performAgain, removeBindings } = conclusion
      return { content: after, removeBindings, lease: performAgain ? 'keep' : 'release' }
    })
    return record && { record, performAgain: conclusion?.performAgain ?? false }
  }

  function claim(): Promise<void> {
    claiming ??= claimOnce().finally(() => {
      claiming = undefined
    })
    return claiming
  }

  async function claimOnce(): Promise<void> {
    if (closed) return
    try {
      for (const record of await store.claimLapsed(owner, leaseMs, claimsAtOnce)) void resume(record)
    } catch (error) {
      onFault(error, undefined)
    }
  }

  async function resume(claimed: ResourceRecord): Promise<void> {
    try {
      // What this process held itself lapsed because it was paused; its function is told to end, and waited for.
      const own = running.get(keyText(claimed.key))
      own?.halt('lease-lost')
      await own?.ended
      const again = ({ operation }: ResourceContent) => ({ ...operation, attempt: operation.attempt + 1 })
      const record = await amend(claimed, undefined, (content) => ({ ...content, operation: again(content) }))
      begin(record).answered = true
    } catch (error) {
      if (!(error instanceof OperationHalted)) onFault(error, claimed)
    }
  }

  async function close(drainMs: number): Promise<void> {
    closed = true
    clearInterval(timer)
    await claiming
    await within(Promise.all([...running.values()].map(({ ended }) => ended)), drainMs)
    for (const operation of running.values()) operation.halt('shutdown')
    await within(Promise.all([...running.values()].map(({ ended }) => ended)), settleGraceMs)
  }

  return { begin, find: (key) => running.get(keyText(key)), claim, close }
}
