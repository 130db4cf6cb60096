/** Why a command ended early: the process was asked to end. */
export class InterruptedBy extends Error {
  constructor(readonly signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`)
  }
}

/** Why a command ended early: its `--timeout` was over. */
export class OutOfTime extends Error {
  constructor(readonly timeoutMs: number) {
    super(`not over within ${timeoutMs / 1000} s`)
  }
}
