import { systemClock } from '../clock.js'
import { InterruptedBy } from './interrupted-by.js'
import { runOsb } from './run-osb.js'

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Runs `osb` with this process around it, and sets its exit code. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const ending = new AbortController()
  const listeners = new Set<(signal: NodeJS.Signals) => void>()
  const tell = (signal: NodeJS.Signals): void => {
    for (const listener of listeners) listener(signal)
    ending.abort(new InterruptedBy(signal))
  }
  for (const signal of endingSignals) process.on(signal, tell)
  // A reader that has gone away (`osb services | head -1`) is no failure of ours.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 1
  })
  const { env, stdout, stderr } = process
  const code = await runOsb(args, {
    env,
    stdin: () => process.stdin,
    stdout,
    stderr,
    cwd: process.cwd(),
    signal: ending.signal,
    clock: systemClock,
    onSignal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  for (const signal of endingSignals) process.off(signal, tell)
  // Not `process.exit`, which would cut off what a pipe has not taken yet.
  process.exitCode = code
}
