/** One line of the demo's table. */
export interface StepResult {
  readonly step: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly ms: number
  /** What was seen, or why it failed or was skipped. */
  readonly detail: string
}

/** A step that did not find what it expects. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

/** A step that cannot be done here, with the reason. */
export class StepSkipped extends Error {
  override readonly name = 'StepSkipped'
}

/** @throws {StepFailed} unless the condition holds */
export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new StepFailed(otherwise)
}

/** Runs steps one after the other and keeps their results. */
export interface StepRunner {
  /**
   * Runs a step; what it returns first is shown, what it returns second goes on to the next steps.
   * @throws what the step threw, unless it was skipped; the result is kept first
   */
  run<Value>(step: string, work: () => Promise<readonly [detail: string, value: Value]>): Promise<Value | undefined>
  readonly results: readonly StepResult[]
}

export function createStepRunner(signal: AbortSignal, onStep: (result: StepResult) => void): StepRunner {
  const results: StepResult[] = []
  const keep = (result: StepResult) => {
    results.push(result)
    onStep(result)
  }
  return {
    results,
    async run(step, work) {
      signal.throwIfAborted()
      const startedAt = performance.now()
      const ms = () => Math.round(performance.now() - startedAt)
      try {
        const [detail, value] = await work()
        keep({ step, outcome: 'passed', ms: ms(), detail })
        return value
      } catch (error) {
        if (error instanceof StepSkipped) {
          keep({ step, outcome: 'skipped', ms: ms(), detail: error.message })
          return undefined
        }
        const detail = signal.aborted ? 'interrupted' : describeError(error)
        keep({ step, outcome: 'failed', ms: ms(), detail })
        throw error
      }
    },
  }
}

/** An error with its causes in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} (${describeError(error.cause)})`
}
