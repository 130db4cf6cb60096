import type { BrokerHooks } from './reports.js'
import { reportToConsole } from './report-to-console.js'

type AllHooks = { readonly [Name in keyof BrokerHooks]-?: NonNullable<BrokerHooks[Name]> }

/** All that listen to one broker. */
export interface Observers extends AllHooks {
  /** Adds hooks. @returns a function that takes them away */
  add(hooks: BrokerHooks): () => void
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
    onRequest: (report) => tell(all, (hooks) => hooks.onRequest?.(report)),
    onOutcome: (report) => tell(all, (hooks) => hooks.onOutcome?.(report)),
    onError: (error, report) => tell(all, (hooks) => hooks.onError?.(error, report)),
  }
}

/** A hook that fails must not change what the platform is answered, nor end the process. */
function tell(all: readonly BrokerHooks[], call: (hooks: BrokerHooks) => unknown): void {
  for (const hooks of all) {
    try {
      const result = call(hooks)
      if (result instanceof Promise) result.catch(() => undefined)
    } catch {
      // There is nobody left to tell.
    }
  }
}
