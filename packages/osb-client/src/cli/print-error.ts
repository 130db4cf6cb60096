import { CliError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import type { Surroundings } from './surroundings.js'

/** A failure as `--json` prints it, on the error output. */
interface PrintedError {
  readonly code: string
  readonly message: string
  /** What to do next. */
  readonly next: string
  /** Of the answer of the broker, if there was one. */
  readonly status?: number | undefined
  /** `X-Broker-API-Request-Identity`, to find the request in the log of the broker. */
  readonly requestIdentity?: string | undefined
}

/**
 * Prints what went wrong, where, and what to do next.
 * @returns the exit code
 * @throws the error itself when nobody foresaw it
 */
export async function printError(error: unknown, { stderr, json }: Surroundings & { json: boolean }): Promise<number> {
  const { exitCode, ...printed } = await describe(error)
  if (json) stderr.write(`${JSON.stringify({ error: printed }, undefined, 2)}\n`)
  else {
    const request = printed.requestIdentity === undefined ? '' : ` (request ${printed.requestIdentity})`
    stderr.write(`osb: ${printed.message}${request}\n${printed.next}\n`)
  }
  return exitCode
}

async function describe(error: unknown): Promise<PrintedError & { readonly exitCode: number }> {
  if (error instanceof CliError) {
    const { code, message, next, exitCode } = error
    return { code, message, next, exitCode }
  }
  const { describeFailure } = await import('./describe-failure.js')
  return describeFailure(error) ?? unforeseen(error)
}

function unforeseen(error: unknown): PrintedError & { readonly exitCode: number } {
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'UNFORESEEN',
    message,
    next: 'Nobody foresaw this: please report it with the command line and the version (osb --version).',
    exitCode: exitCodes.failed,
  }
}
