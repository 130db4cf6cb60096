import { parseArguments } from './arguments.js'
import { type CliError, usageError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import { generalHelp, verbHelp } from './help.js'
import { OutOfTime } from './interrupted-by.js'
import { printError } from './print-error.js'
import type { Surroundings } from './surroundings.js'
import { findVerb, type VerbContext } from './verb.js'
import { verbs } from './verbs.js'

/**
 * Runs one command line of `osb`.
 * @returns its exit code
 */
export async function runOsb(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h') {
    stdout.write(generalHelp(verbs))
    return name === undefined ? exitCodes.usage : exitCodes.fine
  }
  try {
    return await runVerb(name, rest, surroundings)
  } catch (error) {
    return printError(error, { ...surroundings, json: rest.includes('--json') })
  }
}

async function runVerb(name: string, rest: readonly string[], surroundings: Surroundings): Promise<number> {
  const entry = findVerb(verbs, name)
  if (!entry) throw await unknownVerb(name)
  const { verb } = await entry.load()
  const parsed = parseArguments(entry.name, verb, rest)
  const { stdout, stderr } = surroundings
  if (parsed.values.help === true) {
    stdout.write(verbHelp(entry, verb))
    return exitCodes.fine
  }
  const timeoutMs = timeoutOf(parsed.values.timeout)
  const timer = new AbortController()
  const timeout =
    timeoutMs === undefined ? undefined : setTimeout(() => timer.abort(new OutOfTime(timeoutMs)), timeoutMs)
  const context: VerbContext = {
    ...surroundings,
    ...parsed,
    verbs,
    signal: AbortSignal.any([surroundings.signal, timer.signal]),
    note: (line) => {
      // Whoever reads JSON by a program gets nothing else; on a terminal somebody waits who wants to see it.
      if (parsed.values.json !== true || stderr.isTTY === true) stderr.write(`${line}\n`)
    },
  }
  try {
    const shown = await verb.run(context)
    stdout.write(parsed.values.json === true ? `${JSON.stringify(shown.json, undefined, 2)}\n` : shown.text)
    return shown.exitCode ?? exitCodes.fine
  } finally {
    clearTimeout(timeout)
  }
}

async function unknownVerb(name: string): Promise<CliError> {
  const { closestMatch } = await import('leven')
  const names = verbs.flatMap((verb) => [verb.name, ...verb.aliases])
  const begun = verbs.find((verb) => verb.name.startsWith(name))?.name
  // More slips than one in three letters make another word.
  const meant = begun ?? closestMatch(name, names, { maxDistance: Math.floor(name.length / 3) })
  const next = `${meant === undefined ? '' : `Did you mean "osb ${meant}"? `}Run "osb help" to see all verbs.`
  return usageError(`there is no verb ${JSON.stringify(name)}`, next)
}

const longestTimerMs = 2_147_483_647

function timeoutOf(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined
  const ms = Number(seconds) * 1000
  if (ms > 0 && ms <= longestTimerMs) return ms
  throw usageError(`--timeout ${seconds} is no time`, 'Give a number of seconds, such as --timeout 300.')
}
