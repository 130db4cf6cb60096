import { parseArgs } from 'node:util'
import { usageError } from './cli-error.js'
import { type CommonValues, commonOptions } from './common-options.js'
import type { Verb } from './verb.js'

/** A command line of one verb, taken apart. */
export interface ParsedArguments {
  readonly args: readonly string[]
  readonly command: readonly string[]
  readonly values: CommonValues
}

/**
 * Takes the arguments of a verb apart, by its own options and those of every verb.
 * @throws {CliError} `USAGE`
 */
export function parseArguments(name: string, verb: Verb, given: readonly string[]): ParsedArguments {
  const end = verb.takesCommand === true ? given.indexOf('--') : -1
  const own = end === -1 ? given : given.slice(0, end)
  const next = `Run "osb ${name} --help" to see how it is used.`
  try {
    const options = Object.fromEntries(
      Object.entries({ ...commonOptions, ...verb.options }).map(([option, { type, ...spec }]) => [
        option,
        { type, ...('short' in spec && { short: spec.short }), multiple: 'multiple' in spec && spec.multiple === true },
      ]),
    )
    const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true })
    if (values['help'] !== true) expectCount(name, verb, positionals)
    return { args: positionals, command: end === -1 ? [] : given.slice(end + 1), values }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // Only the first sentence names the fault; the rest tells of positional arguments.
    throw usageError(`${name}: ${error.message.split('. ')[0]}`, next)
  }
}

function expectCount(name: string, { arguments: words }: Verb, found: readonly string[]): void {
  const wanted = words.split(' ').filter((word) => word !== '')
  const needed = wanted.filter((word) => !word.startsWith('['))
  const missing = found.length < needed.length
  const isTooMuch = found.length > wanted.length && !wanted.at(-1)?.includes('…')
  if (!missing && !isTooMuch) return
  const what = missing ? `${name} needs ${needed.join(' ')}` : `${name} was given too much: ${found[wanted.length]}`
  throw usageError(what, `Usage: osb ${name} ${words}`.trimEnd())
}
