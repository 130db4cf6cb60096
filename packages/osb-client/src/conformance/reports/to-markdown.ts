import type { CheckResult, ConformanceReport, Exchange } from '../result.js'
import { codeBlock, escapeCommand, escapeMarkdown, escapeProperty } from './escape.js'
import {
  type ChapterOutline,
  counted,
  duration,
  leftoverText,
  linkOf,
  nameOf,
  outcomes,
  outlineOf,
  subjectOf,
} from './outline.js'

/** GitHub refuses a summary of more than a megabyte. */
const mostFindings = 100
const mostBody = 2_000

const signs = { fail: '❌', warning: '⚠️', note: 'ℹ️', pass: '✅', 'not applicable': '➖' } as const

/** The report as Markdown, for `$GITHUB_STEP_SUMMARY`, a comment or a wiki: verdict, chapters, the first 100 findings. */
export function toMarkdown(report: ConformanceReport): string {
  const { verdict, passed, chapters, probes, findings } = outlineOf(report)
  const parts = [
    `## ${passed ? signs.pass : signs.fail} ${escapeMarkdown(verdict)}`,
    `${escapeMarkdown(report.url)}, ${counted(report.requests, 'request')}, ${counted(report.instances, 'service instance')} in ${duration(report.durationMs)}, seed ${report.seed}`,
    chapterTable([...chapters, ...(probes ? [probes] : [])]),
    platformPart(report),
    leftoverPart(report),
    ...findings.slice(0, mostFindings).map((result) => findingPart(result, report)),
    findings.length > mostFindings ? `… and ${findings.length - mostFindings} more.` : '',
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function chapterTable(chapters: readonly ChapterOutline[]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [
    row(['Chapter', ...outcomes.map((outcome) => `${signs[outcome]} ${outcome}`)]),
    row(['---', ...outcomes.map(() => '--:')]),
    ...chapters.map(({ chapter, counts }) =>
      row([escapeMarkdown(chapter), ...outcomes.map((outcome) => counts[outcome])]),
    ),
  ].join('\n')
}

function platformPart({ platforms }: ConformanceReport): string {
  return platforms
    .flatMap(({ platform, plan, works, catalog, steps }) => {
      const against = steps.filter(({ ruling }) => ruling === 'refuses' || ruling === 'mitigates')
      return [
        `- ${works ? signs.pass : signs.fail} **${platform}**${plan ? ` (${escapeMarkdown(plan.name)})` : ''}: ${works ? 'works' : 'does not work'}`,
        ...catalog.map((fault) => `  - ${escapeMarkdown(fault)}`),
        ...against.map(({ operation, ruling, why }) => `  - ${escapeMarkdown(`${operation}: ${ruling}, ${why}`)}`),
      ]
    })
    .join('\n')
}

function leftoverPart({ leftovers }: ConformanceReport): string {
  return leftovers.length === 0
    ? ''
    : [
        '**Left over, to be deleted by hand:**',
        ...leftovers.map((left) => `- ${escapeMarkdown(leftoverText(left))}`),
      ].join('\n')
}

function findingPart(result: CheckResult, report: ConformanceReport): string {
  const { outcome, rule, section, expected, found, reason, exchanges } = result
  const subject = subjectOf(result, report)
  const about = subject === '' ? '' : ` (${escapeMarkdown(subject)})`
  const said = [
    section === '' ? '' : `[${escapeMarkdown(section)}](<${linkOf(section)}>)`,
    expected === undefined ? '' : `Expected: ${escapeMarkdown(expected)}`,
    found === undefined ? '' : `Found: ${escapeMarkdown(found)}`,
    reason === undefined ? '' : `Why: ${escapeMarkdown(reason)}`,
    exchanges.length === 0 ? '' : codeBlock(exchanges.map(exchangeText).join('\n\n'), 'http'),
  ]
  return [
    `<details><summary>${signs[outcome]} <b>${escapeMarkdown(nameOf(result))}</b> ${escapeMarkdown(rule)}${about}</summary>`,
    ...said.filter((line) => line !== ''),
    '</details>',
  ].join('\n\n')
}

function exchangeText({ label, request, answer, failure, durationMs, curl }: Exchange): string {
  const outcome = answer ? `${answer.status} in ${duration(durationMs)}` : `no answer: ${failure ?? 'unknown'}`
  const lines = [
    `${label}:`,
    `> ${request.method} ${request.url}`,
    shorten(request.body),
    `< ${outcome}`,
    shorten(answer?.body),
    `$ ${curl}`,
  ]
  return lines.filter((line) => line !== '').join('\n')
}

const shorten = (body = ''): string =>
  body.length > mostBody ? `${body.slice(0, mostBody)}… (${body.length} characters)` : body

/**
 * The findings as workflow commands of GitHub Actions, one a line, for the standard output of a step: MUST failures are
 * errors, SHOULD failures warnings, the rest notices. GitHub shows the first ten of each kind.
 */
export function toAnnotations(report: ConformanceReport): string {
  return outlineOf(report)
    .findings.map((result) => `${annotation(result, report)}\n`)
    .join('')
}

function annotation(result: CheckResult, report: ConformanceReport): string {
  const { kind, outcome, rule, found, reason } = result
  const command = kind === 'probe' || outcome === 'note' ? 'notice' : outcome === 'fail' ? 'error' : 'warning'
  const subject = subjectOf(result, report)
  const about = subject === '' ? '' : ` (${subject})`
  const message = [`${rule}${about}`, found ?? reason].filter((part) => part !== undefined).join(': ')
  return `::${command} title=${escapeProperty(nameOf(result))}::${escapeCommand(message)}`
}
