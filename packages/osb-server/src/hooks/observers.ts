import type { BrokerHooks, ErrorReport, OutcomeReport, RequestReport } from './reports.js'
import { reportToConsole } from './report-to-console.js'

/** All that listen to one broker. */
export interface Observers {
  /** Adds hooks. @returns a function that takes them away */
  add(hooks: BrokerHooks): () => void
  onRequest(report: RequestReport): void
  /** @param makeReport called only when somebody listens */
  onOutcome(makeReport: () => OutcomeReport): void
  onError(error: unknown, report: ErrorReport): void
}

/** Begins with the hooks of the broker's options; without an `onError` there, errors are written to `console.error`. */
export function createObservers({ onRequest, onOutcome, onError = reportToConsole }: BrokerHooks): Observers {
  let all: readonly BrokerHooks[] = [{ onRequest, onOutcome, onError }]
  return {
    add(hooks) {
      all = [...all, hooks]
      return () => {
        all = all.filter((one) => one !== hooks)
      }
    },
    onRequest(report) {
      for (const hooks of all) if (hooks.onRequest) tell(() => hooks.onRequest?.(report))
    },
    onOutcome(makeReport) {
      let report: OutcomeReport | undefined
      for (const hooks of all)
        if (hooks.onOutcome) {
          const made = (report ??= makeReport())
          tell(() => hooks.onOutcome?.(made))
        }
    },
    onError(error, report) {
      for (const hooks of all) tell(() => hooks.onError?.(error, report))
    },
  }
}

/** A hook that fails must not change what the platform is answered, nor end the process. */
function tell(call: () => unknown): void {
  try {
    const result = call()
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // There is nobody left to tell.
  }
}
