import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { usageError } from '../cli-error.js'
import { withoutLogin } from './read-leftovers.js'
import type { CheckContext } from './read-check-options.js'

const timeoutMs = 120_000

/** The operator's own command that restarts the broker. */
export interface RestartCommand {
  readonly restart: (signal: AbortSignal) => Promise<void>
  /** What became of a run of it that did not end well. */
  readonly failure: () => string | undefined
}

/**
 * How the operator's own command restarts the broker; undefined where none was given. It gets the environment of this
 * process without the login of the broker, and may leave processes behind that go on.
 * @throws {CliError} `USAGE` for an empty one
 */
export function restartCommandOf({ values, cwd, env }: CheckContext): RestartCommand | undefined {
  const command = values['restart-command']
  if (command === undefined) return undefined
  if (command.trim() === '') throw usageError('--restart-command is empty', 'Give a command of the shell.')
  let failure: string | undefined
  const restart = async (signal: AbortSignal): Promise<void> => {
    const deadline = AbortSignal.timeout(timeoutMs)
    // Its outputs are not waited for: they would stay open with a broker that it starts.
    const child = spawn('/bin/sh', ['-c', command], {
      cwd,
      env: withoutLogin(env),
      stdio: 'ignore',
      signal: AbortSignal.any([signal, deadline]),
    })
    const end = await endOf(child, deadline)
    signal.throwIfAborted()
    if (end === undefined) return
    failure = `--restart-command ${end}`
    throw new Error(failure)
  }
  return { restart, failure: () => failure }
}

/** How a command has ended that did not end well. */
async function endOf(child: ChildProcess, deadline: AbortSignal): Promise<string | undefined> {
  try {
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null]
    return code === 0 ? undefined : `has ended with ${code ?? killedBy}`
  } catch (error) {
    return deadline.aborted
      ? `has not ended within ${timeoutMs / 60_000} minutes`
      : `cannot be run (${(error as NodeJS.ErrnoException).code})`
  }
}
