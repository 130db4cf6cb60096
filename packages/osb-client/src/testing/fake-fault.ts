import type { OperationState } from 'osb-protocol'

/** What a fake broker does in place of its plain answer, or beside it. */
export type FakeFault =
  /** The right answer, late. */
  | { readonly fault: 'slow'; readonly ms: number }
  /** No answer, the connection stays open; the work is done with `done`. */
  | { readonly fault: 'silent'; readonly done?: boolean }
  /** A connection that breaks before the status; the work is done with `done`. */
  | { readonly fault: 'reset'; readonly done?: boolean }
  /** The right answer, but half of its body and then the end of the connection. The work is done. */
  | { readonly fault: 'cut' }
  /** The right status with another body, such as a proxy's HTML. The work is done. */
  | { readonly fault: 'malformed'; readonly body?: string }
  /** 202 although the call did not ask for it. The work is done. */
  | { readonly fault: 'unasked-202' }
  /** An error; with `done` after the work, as when a broker fails to write its answer. */
  | {
      readonly fault: 'error'
      readonly status: number
      readonly body?: object
      readonly headers?: Readonly<Record<string, string>>
      readonly done?: boolean
    }
  /** 202, so many polls `in progress`, and then the end; `gone` answers 410. For a call with `accepts_incomplete=true`. */
  | {
      readonly fault: 'async'
      readonly polls: number
      readonly end?: Exclude<OperationState, 'in progress'> | 'gone'
      readonly retryAfter?: string
    }

/** Whether the fault comes after the work, so that what was asked for is there although nobody was told. */
export function isDone(fault: FakeFault | undefined): boolean {
  if (fault?.fault === 'silent' || fault?.fault === 'reset' || fault?.fault === 'error') return fault.done === true
  return !(fault?.fault === 'async' && fault.end === 'failed')
}
