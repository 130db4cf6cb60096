import type { ResourceContent, ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { jsonCopy } from '../stores/json-copy.js'
import { keepLease, type LeaseHolder, writeHeld } from './keep-lease.js'
import { createLimiter } from './limiter.js'
import {
  type HaltReason,
  isRefusal,
  keyText,
  type OperationControl,
  type OperationEnd,
  OperationHalted,
  type Performed,
  type RunningOperation,
} from './running-operation.js'
import { createTakeovers } from './take-over.js'
import { callAt, within } from './timers.js'
import { type Conclude, type Settlement, writeEnd } from './write-end.js'

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
  const { store, conclude, onFault } = options
  const running = new Map<string, RunningOperation>()
  /** All that have not ended, also those that lost their lease and stand in the way of nobody any more. */
  const unended = new Set<RunningOperation>()
  const takeovers = createTakeovers(options, {
    running,
    maximumRunning: options.maximumRunning,
    begin: (record) => begin(record),
    isStopped: () => stopped,
  })
  const limiter = createLimiter(options.maximumRunning)
  let stopped = false

  function begin(record: ResourceRecord, instance?: ResourceRecord): RunningOperation {
    const controller = new AbortController()
    const operation = createRunning(record, controller, instance)
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
      takeovers.roomAgain()
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
    const end = await writeEnd(options, operation.newest, (content) =>
      conclude(content, settlement, { halted, answered }),
    )
    if (!end) {
      await store.releaseLease(record.key, record.lease?.token ?? 0)
      return { error: new OperationHalted('shutdown') }
    }
    if (!end.performAgain) return { record: end.record, ...outcomeOf(settlement, halted) }
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
      const { instance } = operation
      const control: OperationControl = { signal, instance, amend: inOrder((change) => amend(operation, change)) }
      const performed = await limiter.run(signal, () => {
        signal.throwIfAborted()
        // A copy of its own: authors may change what they are given, and the record is written again at the end.
        return options.perform(jsonCopy(record), control)
      })
      // What cannot be stored fails here, once, and not at each attempt to write the end.
      if (record.operation.kind !== 'delete') JSON.stringify(performed.value)
      return { settled: 'returned', ...performed }
    } catch (error) {
      return { settled: 'threw', error: error ?? new Error('the function was rejected without a reason') }
    } finally {
      clearTimeout(deadline)
    }
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

function createRunning(
  record: ResourceRecord,
  controller: AbortController,
  instance: ResourceRecord | undefined,
): RunningOperation {
  let halted: HaltReason | undefined
  return {
    key: record.key,
    operationId: record.operation.id,
    newest: record,
    instance,
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

function outcomeOf(settlement: Settlement, halted: HaltReason | undefined): Pick<OperationEnd, 'error' | 'unstored'> {
  if (settlement.settled === 'returned') return { unstored: settlement.unstored }
  const { error } = settlement
  // Something may be left of what was told to end; a 4xx would say that nothing is.
  if (halted === undefined || !isRefusal(error)) return { error }
  return { error: new Error(`the function refused after it was told to end (${halted})`, { cause: error }) }
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
