import { exitCodes } from './exit-codes.js'

/** A failure with all that its reader needs: what, where, and what to do next. */
export class CliError extends Error {
  /** Stable, for scripts: `error.code` of `--json`. */
  readonly code: string
  /** What to do next, as a sentence. */
  readonly next: string
  readonly exitCode: number

  constructor(code: string, message: string, next: string, exitCode: number = exitCodes.notPossible) {
    super(message)
    this.code = code
    this.next = next
    this.exitCode = exitCode
  }
}

/** A command line that cannot be used. */
export function usageError(message: string, next: string): CliError {
  return new CliError('USAGE', message, next, exitCodes.usage)
}
