import { isOsbError, type OsbError } from '../errors.js'
import type { Linked } from '../linked-set.js'
import type { ResourceContent, ResourceKey, ResourceRecord } from '../stores/broker-store.js'

/** Why the `signal` of an author's function aborted. */
export type HaltReason = 'overtaken' | 'time-out' | 'deadline' | 'lease-lost' | 'shutdown'

/** The `reason` of the aborted `signal` that authors' functions get. */
export class OperationHalted extends Error {
  override readonly name = 'OperationHalted'
  constructor(readonly why: HaltReason) {
    super(
      {
        overtaken: 'The operation was ended by a delete.',
        'time-out': 'The operation took longer than the platform waits for an answer.',
        deadline: "The operation took longer than the plan's maximum_polling_duration.",
        'lease-lost': 'The operation was taken over by another process.',
        shutdown: 'The broker is shutting down.',
      }[why],
    )
  }
}

/** How an operation that ran here came out. */
export interface OperationEnd {
  /** The record as the operation left it; undefined when another process goes on with the operation. */
  readonly record?: ResourceRecord | undefined
  /** What the function returned beside what is stored of it; only where it ran in this process. */
  readonly unstored?: object | undefined
  /** What the author's function threw, if it did. */
  readonly error?: unknown
}

/** Changes the record of an operation if its lease is still held; rejects with `OperationHalted` if it is not. */
export type Amend = (
  operation: RunningOperation,
  change: (content: ResourceContent) => ResourceContent,
) => Promise<ResourceRecord>

/** An operation whose author's function runs, or waits to run, in this process. */
export class RunningOperation implements OperationControl, Linked<RunningOperation> {
  before: RunningOperation | undefined
  after: RunningOperation | undefined
  readonly key: ResourceKey
  readonly operationId: string
  /** The record as this process last wrote it. */
  newest: ResourceRecord
  /** Of a binding: its instance as it was when the operation began, unless it has to be read. */
  readonly instance: ResourceRecord | undefined
  /** Whether a platform was told 202; a failure must then be found by its polls. */
  answered = false
  /** Whether the author's function has ended, though its end may not be written yet. */
  settled = false
  readonly #amend: Amend
  /** Settles when what was amended last is written. */
  #amended: Promise<unknown> | undefined
  #halted: HaltReason | undefined
  #controller: AbortController | undefined
  #end: OperationEnd | undefined
  #waiting: ((end: OperationEnd) => void)[] | undefined

  constructor(record: ResourceRecord, instance: ResourceRecord | undefined, amend: Amend) {
    this.#amend = amend
    this.key = record.key
    this.operationId = record.operation.id
    this.newest = record
    this.instance = instance
  }

  /** Says that the end is written, or that nobody is to wait for it any longer; only the first call counts. */
  end(end: OperationEnd): void {
    if (this.#end) return
    this.#end = end
    for (const tell of this.#waiting ?? []) tell(end)
    this.#waiting = undefined
  }

  /** Resolves with what `end` says; never rejects. */
  ended(): Promise<OperationEnd> {
    return new Promise((resolve) => this.#whenEnded(resolve))
  }

  /** The same, or undefined if that takes longer. */
  endedWithin(ms: number): Promise<OperationEnd | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms, undefined)
      this.#whenEnded((end) => {
        clearTimeout(timer)
        resolve(end)
      })
    })
  }

  #whenEnded(tell: (end: OperationEnd) => void): void {
    if (this.#end) tell(this.#end)
    else if (this.#waiting) this.#waiting.push(tell)
    else this.#waiting = [tell]
  }

  /** Why it is to end, if it is. */
  get halted(): HaltReason | undefined {
    return this.#halted
  }

  /** Aborts when the operation is halted. Made when it is first asked for, since most functions never ask. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#halted) this.#controller.abort(new OperationHalted(this.#halted))
    }
    return this.#controller.signal
  }

  /** One change after the other, as they came; else many reports at once would keep each other from being written. */
  amend(change: (content: ResourceContent) => ResourceContent): Promise<ResourceRecord> {
    const result = this.#amended ? this.#amended.then(() => this.#amend(this, change)) : this.#amend(this, change)
    this.#amended = result.catch(() => undefined)
    return result
  }

  /** Tells the function to end; without effect once it has. */
  halt(why: HaltReason): void {
    if (this.#halted || this.settled) return
    this.#halted = why
    this.#controller?.abort(new OperationHalted(why))
  }
}

/** What an author's function returned. */
export interface Performed {
  /** What the record is made of. */
  readonly value: unknown
  /** What only the call that waits for it is to be answered, where it must not be stored. */
  readonly unstored?: object | undefined
}

/** What the author's function is given to write with while it runs. */
export interface OperationControl {
  /** Aborts when the function is to end. */
  readonly signal: AbortSignal
  /** Of a binding: its instance, which no operation changes meanwhile; undefined: it has to be read. */
  readonly instance: ResourceRecord | undefined
  /** Changes the record if the lease is still held; rejects with `OperationHalted` if it is not. */
  amend(change: (content: ResourceContent) => ResourceContent): Promise<ResourceRecord>
}

/** One text for one key, to find what runs in this process. */
export function keyText({ tenant, instance_id, binding_id }: ResourceKey): string {
  return JSON.stringify([tenant, instance_id, binding_id ?? null])
}

/** Whether an author has refused what was asked (4xx), which says that nothing is left of it. */
export function isRefusal(error: unknown): error is OsbError {
  return isOsbError(error) && error.status < 500
}
