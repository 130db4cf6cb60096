import type { CheckOutcome, CheckResult, ConformanceReport, Exchange } from '../result.js'
import { toLine, toLines } from './escape.js'
import { platformsText } from './platforms-text.js'
import {
  type ChapterOutline,
  counted,
  duration,
  isFinding,
  leftoverText,
  nameOf,
  outcomes,
  outlineOf,
  subjectOf,
} from './outline.js'

/** How a report for a terminal looks. */
export interface TerminalOptions {
  /** Whether ANSI colours are used. Default `false`. */
  readonly color?: boolean | undefined
  /** Whether what passed, or did not apply, is listed, too. Default `false`: it is counted. */
  readonly all?: boolean | undefined
  /** How many characters of a body are shown. Default 2,000. */
  readonly bodyCharacters?: number | undefined
}

const signs: Readonly<Record<CheckOutcome, string>> = {
  fail: '✗',
  warning: '!',
  note: 'i',
  pass: '✓',
  'not applicable': '-',
}

const codes: Readonly<Record<CheckOutcome | 'dim' | 'bold', number>> = {
  fail: 31,
  warning: 33,
  note: 36,
  pass: 32,
  'not applicable': 2,
  dim: 2,
  bold: 1,
}

type Paint = (style: keyof typeof codes, text: string) => string

const colours: Paint = (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m`
const plain: Paint = (_style, text) => text

/**
 * The report as text: by chapter, with request and answer of every finding. What the broker sent cannot move the cursor
 * or change colours: control characters are written out.
 */
export function toTerminal(report: ConformanceReport, options: TerminalOptions = {}): string {
  const outline = outlineOf(report)
  const paint = options.color ? colours : plain
  const { bodyCharacters = 2_000, all = false } = options
  const settings = { report, paint, bodyCharacters, all }
  const sections = [
    ...outline.chapters.map((chapter) => chapterText(chapter, settings)),
    ...(outline.probes ? [chapterText(outline.probes, settings)] : []),
    platformsText(report),
    summary(report, paint),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

interface Settings {
  readonly report: ConformanceReport
  readonly paint: Paint
  readonly bodyCharacters: number
  readonly all: boolean
}

function chapterText({ chapter, counts, results }: ChapterOutline, settings: Settings): string {
  const { paint, all } = settings
  const numbers = outcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => paint(outcome, `${counts[outcome]} ${outcome}`))
  const listed = results.filter((result) => all || isFinding(result)).map((result) => resultText(result, settings))
  return [`${paint('bold', toLine(chapter))}  ${numbers.join(', ')}`, ...listed].join('\n')
}

function resultText(result: CheckResult, { report, paint, bodyCharacters }: Settings): string {
  const { outcome, rule, reason, expected, found, exchanges, section } = result
  const subject = subjectOf(result, report)
  const head = `  ${paint(outcome, signs[outcome])} ${nameOf(result)}  ${toLine(rule)}`
  const lines = [`${head}${subject === '' ? '' : paint('dim', ` (${toLine(subject)})`)}`]
  if (!isFinding(result)) return reason === undefined ? lines.join('\n') : `${lines.join('\n')}: ${toLine(reason)}`
  if (section !== '') lines.push(...labelled('section', section))
  if (expected !== undefined) lines.push(...labelled('expected', expected))
  if (found !== undefined) lines.push(...labelled('found', found))
  if (reason !== undefined) lines.push(...labelled('why', reason))
  return [...lines, ...exchanges.flatMap((exchange) => exchangeLines(exchange, paint, bodyCharacters))].join('\n')
}

const labelled = (label: string, text: string): string[] => {
  const [first = '', ...others] = toLines(text).split('\n')
  return [`      ${label.padEnd(9)}${first}`, ...others.map((line) => `${' '.repeat(15)}${line}`)]
}

function exchangeLines(exchange: Exchange, paint: Paint, bodyCharacters: number): string[] {
  const { label, request, answer, failure, durationMs, curl } = exchange
  const outcome = answer ? `${answer.status} in ${duration(durationMs)}` : `no answer: ${failure ?? 'unknown'}`
  const bodies = [
    ...bodyLines('>', request.body, bodyCharacters),
    `< ${toLine(outcome)}`,
    ...bodyLines('<', answer?.body, bodyCharacters),
  ]
  return [`${toLine(label)}:`, `> ${request.method} ${toLine(request.url)}`, ...bodies, `$ ${toLine(curl)}`].map(
    (line) => paint('dim', `      ${line}`),
  )
}

function bodyLines(sign: string, body: string | undefined, most: number): string[] {
  if (body === undefined || body === '') return []
  const shown = body.length > most ? `${body.slice(0, most)}… (${body.length} characters)` : body
  return toLines(shown)
    .split('\n')
    .map((line) => `${sign} ${line}`)
}

function summary(report: ConformanceReport, paint: Paint): string {
  const { counts, passed, verdict } = outlineOf(report)
  const numbers = outcomes.map((outcome) => `${counts[outcome]} ${outcome}`).join(', ')
  return [
    paint(passed ? 'pass' : 'fail', verdict),
    `${toLine(report.url)}: ${numbers}; ${counted(report.requests, 'request')}, ${counted(report.instances, 'service instance')} in ${duration(report.durationMs)}; seed ${report.seed}`,
    ...report.leftovers.map((left) => paint('fail', `left over: ${toLine(leftoverText(left))}`)),
  ].join('\n')
}
