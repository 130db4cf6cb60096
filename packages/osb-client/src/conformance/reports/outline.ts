import type { CheckOutcome, CheckResult, ConformanceReport, Leftover, OutcomeCounts } from '../result.js'

/** The outcomes in the order of their weight. */
export const outcomes = ['fail', 'warning', 'note', 'pass', 'not applicable'] as const satisfies readonly CheckOutcome[]

/** The results of one chapter. */
export interface ChapterOutline {
  readonly chapter: string
  readonly counts: OutcomeCounts
  readonly results: readonly CheckResult[]
}

/** What every report says first, and in which order it says the rest. */
export interface Outline {
  readonly counts: OutcomeCounts
  /** The sentence that a reader needs if they read one only. */
  readonly verdict: string
  /** Whether the broker keeps every MUST that was checked. */
  readonly passed: boolean
  /** Of the specification; probes are a section of their own. */
  readonly chapters: readonly ChapterOutline[]
  readonly probes: ChapterOutline | undefined
  /** Failures, warnings and notes, the heaviest first; probes last. */
  readonly findings: readonly CheckResult[]
}

export function outlineOf(report: ConformanceReport): Outline {
  const { results } = report
  const checks = results.filter(({ kind }) => kind !== 'probe')
  const probes = results.filter(({ kind }) => kind === 'probe')
  const names = [...new Set(checks.map(({ chapter }) => chapter))]
  const chapters = names.map((chapter) =>
    chapterOf(
      chapter,
      checks.filter((result) => result.chapter === chapter),
    ),
  )
  const counts = count(checks)
  return {
    counts,
    verdict: `${verdictOf(report, checks)}${risksOf(probes)}`,
    passed: report.verdict === 'conforms',
    chapters,
    probes: probes.length === 0 ? undefined : chapterOf('Probes', probes),
    findings: [...byWeight(checks), ...byWeight(probes)].filter(isFinding),
  }
}

export const isFinding = ({ outcome }: CheckResult): boolean => outcome !== 'pass' && outcome !== 'not applicable'

const weightOf = ({ outcome }: CheckResult): number => outcomes.indexOf(outcome)

const byWeight = (results: readonly CheckResult[]): CheckResult[] =>
  results.toSorted((one, other) => weightOf(one) - weightOf(other))

const chapterOf = (chapter: string, results: readonly CheckResult[]): ChapterOutline => ({
  chapter,
  counts: count(results),
  results: byWeight(results),
})

function count(results: readonly CheckResult[]): OutcomeCounts {
  const of = (outcome: CheckOutcome) => results.filter((result) => result.outcome === outcome).length
  return {
    fail: of('fail'),
    warning: of('warning'),
    note: of('note'),
    pass: of('pass'),
    'not applicable': of('not applicable'),
  }
}

function verdictOf({ verdict, endedBy }: ConformanceReport, checks: readonly CheckResult[]): string {
  // A rule that is broken with three plans is one rule.
  const rules = (outcome: CheckOutcome) =>
    new Set(checks.filter((result) => result.outcome === outcome).map(({ check }) => check)).size
  const [broken, unheeded] = [rules('fail'), rules('warning')]
  const recommendations = counted(unheeded, 'recommendation')
  if (broken > 0)
    return `This broker breaks ${counted(broken, 'rule')} that the specification makes a MUST${unheeded > 0 ? `, and ${recommendations}` : ''}.`
  if (verdict === 'incomplete') return `This run was ended before its time: ${endedBy ?? 'nobody says why'}.`
  if (unheeded > 0) return `This broker keeps every MUST that was checked, but not ${recommendations} (SHOULD).`
  if (rules('pass') === 0) return 'Nothing was checked, so nothing can be said of this broker.'
  return 'This broker keeps every MUST and every SHOULD that was checked.'
}

/** Probes are no part of the verdict; that some have found a risk is worth a word. */
function risksOf(probes: readonly CheckResult[]): string {
  const risks = new Set(probes.filter(isFinding).map(({ check }) => check)).size
  return risks === 0 ? '' : ` ${counted(risks, 'probe')} found a risk.`
}

/** `1 rule`, `2 rules`. */
export const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}

/** `mysql / small, API 2.16`: what a result is about beside the broker; the version where it is not that of the run. */
export function subjectOf({ plan, apiVersion }: CheckResult, report: ConformanceReport): string {
  const version = apiVersion === report.apiVersion ? undefined : `API ${apiVersion}`
  return [plan?.name, version].filter((part) => part !== undefined).join(', ')
}

/** How a check is called in one line: by its rows, or by its name if it is a probe. */
export const nameOf = ({ kind, check, level, requirements }: CheckResult): string =>
  kind === 'probe' ? check : `${level} ${requirements.join(' ')}`

/** How long its requests took. */
export const durationOf = ({ exchanges }: CheckResult): number =>
  exchanges.reduce((sum, { durationMs }) => sum + durationMs, 0)

const original = 'https://github.com/openservicebrokerapi/servicebroker/blob/v2.17'

/** Where a rule stands in the specification, by the lines that `section` names: `Headers (S 139-147)`, `… (P 9)`. */
export function linkOf(section: string): string {
  const [, text, from, to] = /\(([SP]) (\d+)(?:-(\d+))?/.exec(section) ?? []
  const file = `${original}/${text === 'P' ? 'profile' : 'spec'}.md`
  return from === undefined ? file : `${file}?plain=1#L${from}${to === undefined ? '' : `-L${to}`}`
}

/** What was left behind, as a line. */
export const leftoverText = ({ instance_id, binding_id, reason }: Leftover): string =>
  `${binding_id === undefined ? '' : `binding ${binding_id} of `}instance ${instance_id}: ${reason}`
