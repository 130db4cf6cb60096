import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { JsonObject } from 'osb-protocol'
import { usageError } from './cli-error.js'
import { readInput } from './read-password.js'
import type { VerbContext } from './verb.js'

const example = `Give an object such as '{"size":3}', a file, or "-" for the standard input.`

/**
 * The object that an option gives: as JSON, as the path of a file (`@PATH` for one that looks like JSON), or `-`.
 * @throws {CliError} `USAGE`; what was given is not repeated, as it may hold secrets
 */
export async function readParameters(
  context: VerbContext,
  option: string,
  given: string | undefined,
): Promise<JsonObject | undefined> {
  if (given === undefined) return undefined
  const text = await textOf(context, option, given)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    throw usageError(`${option} is not JSON`, example)
  }
  throw usageError(`${option} is no JSON object`, example)
}

async function textOf({ stdin, cwd }: VerbContext, option: string, given: string): Promise<string> {
  if (given === '-') return readInput(stdin())
  if (!given.startsWith('@') && given.trim().startsWith('{')) return given
  const file = given.replace(/^@/, '')
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw usageError(`${option} is neither a JSON object nor a file that can be read (${code})`, example)
  }
}

/** A list as it stands in one option: `a,b`. */
export function readList(given: string | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
