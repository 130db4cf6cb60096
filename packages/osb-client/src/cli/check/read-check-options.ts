import { resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import type { ConformanceOptions, ConformanceSelection } from '../../conformance/conformance-options.js'
import { usageError } from '../cli-error.js'
import type { ValuesOf } from '../option-specs.js'
import type { VerbContext } from '../verb.js'
import type { checkOptions } from './check-options.js'

export type CheckContext = VerbContext<ValuesOf<typeof checkOptions>>

/** The options of a run that stand on the command line. @throws {CliError} `USAGE` */
export function readCheckOptions(context: CheckContext) {
  const { values } = context
  const seconds = countOf('time-budget', values['time-budget'])
  return {
    ...(values['api-version'] !== undefined && { apiVersion: versionOf(values['api-version']) }),
    plans: values.plan,
    allPlans: values['all-plans'],
    platforms: platformsOf(values.platform),
    safe: values.safe,
    probes: values['no-probes'] !== true,
    select: { checks: values.only, levels: levelsOf(values.level), sections: values.section },
    maxParallel: countOf('max-parallel', values['max-parallel']),
    timeBudgetMs: seconds === undefined ? undefined : seconds * 1000,
    seed: countOf('seed', values.seed, 0),
    parametersOf: parametersOf(context, values.parameters),
  } satisfies Partial<ConformanceOptions>
}

/** A whole number that an option gives. @throws {CliError} `USAGE` */
export function countOf(option: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= least && count < 2 ** 31) return count
  throw usageError(`--${option} ${text} is no number for this`, `Give a whole number from ${least}.`)
}

function versionOf(text: string): string {
  if (/^2\.\d{1,3}$/.test(text)) return text
  throw usageError(`--api-version ${text} is no version of the API`, 'Give one such as 2.17.')
}

const levels = ['MUST', 'SHOULD', 'note'] as const

function levelsOf(given: readonly string[] | undefined): ConformanceSelection['levels'] {
  return given?.map((text) => {
    const level = levels.find((each) => each.toLowerCase() === text.toLowerCase())
    if (level) return level
    throw usageError(`there is no level ${text}`, `Give one of ${levels.join(', ')}.`)
  })
}

function platformsOf(given: readonly string[] | undefined): ConformanceOptions['platforms'] {
  return given?.map((text) => {
    if (text === 'cf' || text === 'kubernetes') return text
    throw usageError(`there is no platform ${text}`, 'Give --platform cf or --platform kubernetes.')
  })
}

type ParametersOf = NonNullable<ConformanceOptions['parametersOf']>

/** The parameters that a file gives by plan: by its id, else by `offering / plan`, else by its own name. */
function parametersOf({ cwd }: CheckContext, file: string | undefined): ParametersOf | undefined {
  if (file === undefined) return undefined
  const byPlan = readJson(resolve(cwd, file), file)
  return ({ plan_id, name }, action) => {
    const own = name.slice(name.indexOf(' / ') + ' / '.length)
    const given = byPlan[plan_id] ?? byPlan[name] ?? byPlan[own]
    const parameters = isObject(given) ? given[action] : undefined
    return isObject(parameters) ? parameters : undefined
  }
}

function readJson(path: string, shown: string): Readonly<Record<string, unknown>> {
  const next = 'Give a JSON file such as { "small": { "provision": { "size": 3 } } }.'
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(value)) return value
  } catch {
    // What the file holds, which may be secret, is not repeated.
  }
  throw usageError(`--parameters ${shown} is no file with a JSON object`, next)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
