import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Environment } from '../index.js'
import { exitCodes } from './usage.js'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Runs a command to its end, with the terminal of this process. Signals to this process go on to it.
 *
 * @returns its exit code, 128 and the number of the signal that ended it, or 127 when it cannot be started
 */
export function execute(
  [program, ...args]: readonly [string, ...string[]],
  env: Environment,
  stderr: (text: string) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'inherit' })
    const forward = (signal: NodeJS.Signals) => {
      // A terminal sends these to the command too, and twice means "at once" to many programs.
      if (!process.stdin.isTTY || !/^SIG(?:INT|QUIT)$/.test(signal)) child.kill(signal)
    }
    for (const signal of forwarded) process.on(signal, forward)
    const finish = (code: number) => {
      for (const signal of forwarded) process.off(signal, forward)
      resolve(code)
    }
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      // The message of the system would quote the arguments.
      stderr(`vcap: the command cannot be started (${code})\n`)
      finish(exitCodes.cannotStart)
    })
    child.once('close', (code, signal) => finish(signal === null ? (code ?? 0) : 128 + constants.signals[signal]))
  })
}
