import { constants } from 'node:os'
import { systemClock } from '../clock.js'
import { runOsb } from './run-osb.js'
import { InterruptedBy } from './interrupted-by.js'

/** Runs `osb` with this process around it, and sets its exit code. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const ending = new AbortController()
  let interrupted: NodeJS.Signals | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    interrupted ??= signal
    ending.abort(new InterruptedBy(signal))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // A reader that has gone away (`osb services | head -1`) is no failure of ours.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 1
  })
  const { env, stdin, stdout, stderr } = process
  const code = await runOsb(args, {
    env,
    cwd: process.cwd(),
    stdin,
    stdout,
    stderr,
    signal: ending.signal,
    clock: systemClock,
  })
  // Not `process.exit`, which would cut off what a pipe has not taken yet.
  process.exitCode = interrupted && code !== 0 ? 128 + constants.signals[interrupted] : code
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal)
}
