import { usageError } from './cli-error.js'
import type { InStream } from './surroundings.js'
import type { VerbContext } from './verb.js'

const mostCharacters = 65_536

/**
 * The password that was given, by `--password` (with a warning), `--password-stdin` or a variable of the environment.
 * @throws {CliError} `USAGE` when the standard input has none, or far too much
 */
export async function readPassword(context: VerbContext, ...variables: readonly string[]): Promise<string | undefined> {
  const { values, env, note } = context
  if (values.password !== undefined) {
    note('Warning: a password on the command line can be seen by others; use OSB_PASSWORD or --password-stdin.')
    return values.password
  }
  if (values['password-stdin'] === true) return readLine(context)
  return variables.map((name) => env[name]).find((value) => value !== undefined && value !== '')
}

/** All of the standard input, without the line break at its end. */
async function readLine({ stdin }: VerbContext): Promise<string> {
  const text = (await readInput(stdin())).replace(/\r?\n$/, '')
  if (text === '') throw usageError('the standard input holds no password', 'Pipe the password into the command.')
  return text
}

/** Everything that a stream gives, as text. */
export async function readInput(stream: InStream): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    const bytes = Buffer.from(part as Uint8Array)
    length += bytes.length
    if (length > mostCharacters * 16) throw usageError('the standard input is too long', 'Give at most a megabyte.')
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString('utf8')
}

/**
 * The password of a broker that is to be registered: from the command line (with a warning), a variable, the standard
 * input or a prompt.
 * @throws {CliError} `USAGE` when there is none
 */
export async function needPassword(context: VerbContext, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    context.note('Warning: a password on the command line can be seen by others; leave it out to be asked for it.')
    return given
  }
  const password = await readPassword(context, 'OSB_BROKER_PASSWORD', 'CF_BROKER_PASSWORD')
  if (password !== undefined) return password
  if (context.stdin().isTTY !== true || context.stderr.isTTY !== true)
    throw usageError(
      'the password of the broker is missing',
      'Set OSB_BROKER_PASSWORD, or pipe it into the command with --password-stdin.',
    )
  const { askPassword } = await import('./ask-password.js')
  return askPassword(context, 'Password: ')
}
