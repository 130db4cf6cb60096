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
import { createTakeovers } from './take-over.js'
import { callAt, within } from './timers.js'

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
  /** Whether `close` has begun to halt: no function is begun here any more. */
  readonly stopped: boolean
  /**
   * Waits for running operations and for `answered`, at most `drainMs`; then halts the rest and gives up the leases of
   * those that end, so that another process can go on at once.
   */
  close(drainMs: number, answered?: Promise<void>): Promise<void>
}

const settleGraceMs = 2_000

export function createOperationEngine(options: EngineOptions): OperationEngine {
  const { store, owner, leaseMs, onFault } = options
  const running = new Map<string, RunningOperation>()
  /** All that have not ended, also those that lost their lease and stand in the way of nobody any more. */
  const unended = new Set<RunningOperation>()
  const takeovers = createTakeovers(options, { running, begin: (record) => begin(record), isStopped: () => stopped })
  const limiter = createLimiter(options.maximumRunning)
  let stopped = false

  function begin(record: ResourceRecord): RunningOperation {
    const controller = new AbortController()
    const operation = createRunning(record, controller)
    if (stopped) operation.halt('shutdown')
    const done = keepLease(options, record, operation, () => work(record, operation, controller.signal))
      .catch((error: unknown): OperationEnd => ({ error }))
      .then((end) => {
        // What a platform waits for is reported with its answer.
        const unheard = operation.answered || !end.record
        if (unheard && end.error !== undefined && !(end.error instanceof OperationHalted)) onFault(end.error, record)
        return end
      })
    const abandoned = new Promise<OperationEnd>((resolve) => {
      operation.abandon = () => resolve({ error: new OperationHalted('shutdown') })
    })
    const ended = Promise.race([done, abandoned]).then((end) => {
      unended.delete(operation)
      // The next operation of the resource may have begun before the end of this one was confirmed.
      if (running.get(keyText(record.key)) === operation) running.delete(keyText(record.key))
      return end
    })
    Object.assign(operation, { ended })
    running.set(keyText(record.key), operation)
    unended.add(operation)
    return operation
  }

  async function work(record: ResourceRecord, operation: RunningOperation, signal: AbortSignal): Promise<OperationEnd> {
    const settlement = await perform(record, signal, operation)
    operation.settled = true
    const { halted, answered } = operation
    // Whatever the function threw then, another process goes on.
    if (halted === 'lease-lost') return { error: new OperationHalted('lease-lost') }
    const end = await writeEnd(record, settlement, { halted, answered })
    if (!end) {
      await store.releaseLease(record.key, record.lease?.token ?? 0)
      return { error: new OperationHalted('shutdown') }
    }
    if (!end.performAgain) return { record: end.record, error: errorOf(settlement) }
    // The delete was told 202 already; whoever waits for the create need not wait for the delete.
    begin(end.record).answered = true
    return { record: end.record, error: new OperationHalted('overtaken') }
  }

  async function perform(
    record: ResourceRecord,
    signal: AbortSignal,
    operation: RunningOperation,
  ): Promise<Settlement> {
    // A create that a delete had overtaken when its process died is not begun again.
    if (record.operation.overtakenBy !== undefined) return { settled: 'threw', error: new OperationHalted('overtaken') }
    const { deadlineAtMs = Infinity } = record.operation
    // What is taken over after its deadline is not begun again.
    if (deadlineAtMs <= Date.now()) operation.halt('deadline')
    const deadline = callAt(record.operation.deadlineAtMs, () => operation.halt('deadline'))
    try {
      const control: OperationControl = { signal, amend: inOrder((change) => amend(record, operation, change)) }
      const value = await limiter.run(signal, () => {
        signal.throwIfAborted()
        return options.perform(record, control)
      })
      // What cannot be stored fails here, once, and not at each attempt to write the end.
      if (record.operation.kind !== 'delete') JSON.stringify(value)
      return { settled: 'returned', value }
    } catch (error) {
      return { settled: 'threw', error: error ?? new Error('the function was rejected without a reason') }
    } finally {
      clearTimeout(deadline)
    }
  }

  async function amend(
    held: ResourceRecord,
    operation: RunningOperation,
    change: (content: ResourceContent) => ResourceContent,
  ): Promise<ResourceRecord> {
    try {
      const written = await writeHeld(options, held, (content) => ({ content: change(content), lease: 'keep' }))
      return written ?? held
    } catch (error) {
      if (error instanceof OperationHalted) operation.halt('lease-lost')
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
      // A lease of its own fences what the create may still try to write.
      return { content: after, removeBindings, lease: performAgain ? { owner, ttlMs: leaseMs } : 'release' }
    })
    return record && { record, performAgain: conclusion?.performAgain ?? false }
  }

  async function close(drainMs: number, answered?: Promise<void>): Promise<void> {
    takeovers.stop()
    await within(Promise.all([answered, idle()]), drainMs)
    stopped = true
    for (const operation of unended) operation.halt('shutdown')
    await within(idle(), settleGraceMs)
    for (const operation of unended) operation.abandon()
  }

  async function idle(): Promise<void> {
    await takeovers.settled()
    while (unended.size > 0) await Promise.all([...unended].map(({ ended }) => ended))
  }

  return {
    begin,
    find: (key) => running.get(keyText(key)),
    get stopped() {
      return stopped
    },
    close,
  }
}

function createRunning({ key, operation: { id } }: ResourceRecord, controller: AbortController): RunningOperation {
  let halted: HaltReason | undefined
  return {
    key,
    operationId: id,
    answered: false,
    settled: false,
    get halted() {
      return halted
    },
    halt(why) {
      if (halted || this.settled) return
      halted = why
      controller.abort(new OperationHalted(why))
    },
    abandon: () => undefined,
    ended: Promise.resolve({}),
  }
}

function errorOf(settlement: Settlement): unknown {
  return settlement.settled === 'threw' ? settlement.error : undefined
}

/** Runs one call after the other, as they came; else many reports at once would keep each other from being written. */
function inOrder<Value, Result>(call: (value: Value) => Promise<Result>): (value: Value) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (value) => {
    const result = last.then(() => call(value))
    last = result.catch(() => undefined)
    return result
  }
}
