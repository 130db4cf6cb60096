import type { ResourceContent, ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import { keepLease, type LeaseHolder, writeHeld } from './keep-lease.js'
import { createLimiter } from './limiter.js'
import {
  type HaltReason,
  isRefusal,
  type OperationControl,
  type OperationEnd,
  OperationHalted,
  type Performed,
  RunningOperation,
} from './running-operation.js'
import { RunningOperations } from './running-operations.js'
import { createTakeovers } from './take-over.js'
import { callAt, within } from './timers.js'
import { type Conclude, type Settlement, writeEnd, type WrittenEnd } from './write-end.js'

export interface EngineOptions extends LeaseHolder {
  /** Author functions that run at the same time; the rest wait as `in progress`. */
  readonly maximumRunning: number
  /** Calls the author's function for a record. */
  readonly perform: (record: ResourceRecord, control: OperationControl) => Promise<Performed>
  readonly conclude: Conclude
}

/** Runs operations under leases, and takes over those of processes that died. */
export interface OperationEngine {
  /**
   * Starts the work on a record whose lease this process has just taken.
   * @param instance of a binding, where it was just read; else it is read again
   */
  begin(record: ResourceRecord, instance?: ResourceRecord): RunningOperation
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
  const { store, onFault } = options
  const running = new RunningOperations()
  const takeovers = createTakeovers(options, {
    running,
    maximumRunning: options.maximumRunning,
    begin: (record) => begin(record),
    isStopped: () => stopped,
  })
  const limiter = createLimiter(options.maximumRunning)
  let stopped = false

  function begin(record: ResourceRecord, instance?: ResourceRecord): RunningOperation {
    const operation = new RunningOperation(record, instance, amend)
    if (stopped) operation.halt('shutdown')
    running.add(operation)
    void run(record, operation)
    return operation
  }

  /** Never rejects. */
  async function run(record: ResourceRecord, operation: RunningOperation): Promise<void> {
    const beat = keepLease(options, record, operation)
    let end: OperationEnd
    try {
      const settlement = await perform(record, operation)
      operation.settled = true
      const concluded = conclude(record, operation, settlement)
      end = isPromise(concluded) ? await concluded : concluded
    } catch (error) {
      end = { error }
    }
    clearInterval(beat)
    // What a platform waits for is reported with its answer.
    const unheard = operation.answered || !end.record
    if (unheard && end.error !== undefined && !(end.error instanceof OperationHalted)) onFault(end.error, record)
    finish(operation, end)
  }

  /** Lets nobody wait for an operation any longer; its function may still run. */
  function finish(operation: RunningOperation, end: OperationEnd): void {
    running.remove(operation)
    takeovers.roomAgain()
    operation.end(end)
  }

  /** Calls the author's function in its turn. */
  async function perform(record: ResourceRecord, operation: RunningOperation): Promise<Settlement> {
    // A create that a delete had overtaken when its process died is not begun again.
    if (record.operation.overtakenBy !== undefined) return { settled: 'threw', error: new OperationHalted('overtaken') }
    const { deadlineAtMs = Infinity } = record.operation
    // What is taken over after its deadline is not begun again.
    if (deadlineAtMs <= Date.now()) operation.halt('deadline')
    const deadline = callAt(record.operation.deadlineAtMs, () => operation.halt('deadline'))
    let hasEntered = false
    try {
      const turn = limiter.enter(operation)
      if (turn) await turn
      hasEntered = true
      if (operation.halted !== undefined) operation.signal.throwIfAborted()
      const { value, unstored } = await options.perform(record, operation)
      return { settled: 'returned', value, unstored }
    } catch (error) {
      return { settled: 'threw', error: error ?? new Error('the function was rejected without a reason') }
    } finally {
      if (hasEntered) limiter.leave()
      clearTimeout(deadline)
    }
  }

  /** Writes how the function ended. */
  function conclude(
    record: ResourceRecord,
    operation: RunningOperation,
    settlement: Settlement,
  ): MaybePromise<OperationEnd> {
    const { halted, answered } = operation
    // Whatever the function threw then, another process goes on.
    if (halted === 'lease-lost') return { error: new OperationHalted('lease-lost') }
    const written = writeEnd(options, operation.newest, settlement, (content, counted) =>
      options.conclude(content, counted, { halted, answered }),
    )
    return isPromise(written) ? written.then((end) => endOf(record, end, halted)) : endOf(record, written, halted)
  }

  function endOf(
    record: ResourceRecord,
    written: WrittenEnd | undefined,
    halted: HaltReason | undefined,
  ): MaybePromise<OperationEnd> {
    if (!written) return leave(record)
    if (!written.performAgain) return { record: written.record, ...outcomeOf(written.settlement, halted) }
    // The delete was told 202 already; whoever waits for the create need not wait for the delete.
    begin(written.record).answered = true
    return { record: written.record, error: new OperationHalted('overtaken') }
  }

  /** Leaves an operation to another process. */
  async function leave({ key, lease }: ResourceRecord): Promise<OperationEnd> {
    await store.releaseLease(key, lease?.token ?? 0)
    return { error: new OperationHalted('shutdown') }
  }

  async function amend(
    operation: RunningOperation,
    change: (content: ResourceContent) => ResourceContent,
  ): Promise<ResourceRecord> {
    try {
      const { newest } = operation
      const written = await writeHeld(options, newest, (content) => ({ content: change(content), lease: 'keep' }))
      operation.newest = written ?? newest
      return operation.newest
    } catch (error) {
      if (error instanceof OperationHalted) operation.halt('lease-lost')
      throw error
    }
  }

  async function close(drainMs: number, answered?: Promise<void>): Promise<void> {
    takeovers.stop()
    await within(Promise.all([answered, idle()]), drainMs)
    stopped = true
    for (const operation of running.all()) operation.halt('shutdown')
    await within(idle(), settleGraceMs)
    for (const operation of running.all()) finish(operation, { error: new OperationHalted('shutdown') })
  }

  async function idle(): Promise<void> {
    await takeovers.settled()
    for (let all = running.all(); all.length > 0; all = running.all())
      await Promise.all(all.map((operation) => operation.ended()))
  }

  return {
    begin,
    find: (key) => running.find(key),
    get stopped() {
      return stopped
    },
    close,
  }
}

function outcomeOf(settlement: Settlement, halted: HaltReason | undefined): Pick<OperationEnd, 'error' | 'unstored'> {
  if (settlement.settled === 'returned') return { unstored: settlement.unstored }
  const { error } = settlement
  // Something may be left of what was told to end; a 4xx would say that nothing is.
  if (halted === undefined || !isRefusal(error)) return { error }
  return { error: new Error(`the function refused after it was told to end (${halted})`, { cause: error }) }
}
