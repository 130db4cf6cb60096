import { usageError } from './cli-error.js'
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
export async function readLine({ stdin }: VerbContext): Promise<string> {
  const text = (await readInput(stdin)).replace(/\r?\n$/, '')
  if (text === '') throw usageError('the standard input holds no password', 'Pipe the password into the command.')
  return text
}

/** Everything that a stream gives, as text. */
export async function readInput(stream: VerbContext['stdin']): Promise<string> {
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
