/** One thing that was looked after. */
export interface CleanUpStep {
  readonly kind: 'instance' | 'binding'
  readonly guid: string
  /** Of the instance; `osb check` for what a check of a broker has made. */
  readonly name: string
  /** `finished`: its operation is over now; `removed`: it is gone; `failed`: see `error`. */
  readonly outcome: 'finished' | 'removed' | 'failed'
  readonly error?: Error | undefined
}

/** Does one piece of a clean-up, and notes how it ended. */
export type Attempt = (step: Omit<CleanUpStep, 'error'>, work: () => Promise<void>) => Promise<void>
