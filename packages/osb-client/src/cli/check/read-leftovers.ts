import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CliError, usageError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { CheckContext } from './read-check-options.js'

const run = promisify(execFile)
const mostBytes = 1024 * 1024

/**
 * What a command of the operator says is left in the back end of the broker: its lines; none is clean. It gets the
 * environment of this process without the login of the broker.
 * @throws {CliError} when it fails
 */
export async function readLeftovers({ values, cwd, env, signal }: CheckContext): Promise<readonly string[]> {
  const command = values['leftovers-command']
  if (command === undefined) return []
  if (command.trim() === '') throw usageError('--leftovers-command is empty', 'Give a command of the shell.')
  try {
    const { stdout } = await run('/bin/sh', ['-c', command], {
      cwd,
      env: withoutLogin(env),
      signal,
      maxBuffer: mostBytes,
    })
    return stdout.split('\n').filter((line) => line.trim() !== '')
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { code?: unknown }
    throw new CliError(
      'LEFTOVERS_COMMAND',
      `the command that looks for leftovers has failed (${String(code)})`,
      'Try it on its own; it must print what is left, and end with 0.',
      exitCodes.usage,
    )
  }
}

/** What a command of the operator gets of this process's environment. */
export function withoutLogin({ OSB_PASSWORD: _password, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return rest
}
