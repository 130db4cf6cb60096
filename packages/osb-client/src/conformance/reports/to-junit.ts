import type { CheckResult, ConformanceReport, Exchange } from '../result.js'
import { escapeXml } from './escape.js'
import { type ChapterOutline, durationOf, linkOf, nameOf, outlineOf, subjectOf } from './outline.js'

/**
 * The report as JUnit XML, a test suite for each chapter. Failures are failures; warnings and notes are passed tests
 * with their text as output, since JUnit has nothing between; what did not apply is skipped, with the reason. Probes are
 * a suite of their own, whose findings are output, too.
 */
export function toJunit(report: ConformanceReport): string {
  const { chapters, probes, counts } = outlineOf(report)
  const suites = [...chapters, ...(probes ? [probes] : [])]
  const total = report.results.length
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Open Service Broker API conformance" tests="${total}" failures="${counts.fail}" time="${seconds(report.durationMs)}">`,
    ...suites.map((suite) => suiteXml(suite, report)),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3)

function suiteXml({ chapter, results, counts }: ChapterOutline, report: ConformanceReport): string {
  const time = results.reduce((sum, result) => sum + durationOf(result), 0)
  const failures = results.filter(fails).length
  return [
    `  <testsuite name="${escapeXml(chapter)}" tests="${results.length}" failures="${failures}" skipped="${counts['not applicable']}" timestamp="${escapeXml(report.startedAt)}" time="${seconds(time)}">`,
    ...results.map((result) => caseXml(result, report)),
    '  </testsuite>',
  ].join('\n')
}

/** Probes are risks, not failures. */
const fails = ({ kind, outcome }: CheckResult): boolean => kind !== 'probe' && outcome === 'fail'

function caseXml(result: CheckResult, report: ConformanceReport): string {
  const { check, rule, outcome, reason, found, level } = result
  const subject = subjectOf(result, report)
  const name = `${nameOf(result)}: ${rule}${subject === '' ? '' : ` (${subject})`}`
  const open = `    <testcase classname="${escapeXml(check)}" name="${escapeXml(name)}" time="${seconds(durationOf(result))}"`
  if (outcome === 'pass') return `${open}/>`
  const inner =
    outcome === 'not applicable'
      ? `<skipped message="${escapeXml(reason ?? '')}"/>`
      : fails(result)
        ? `<failure type="${level}" message="${escapeXml(found ?? reason ?? rule)}">${escapeXml(evidence(result))}</failure>`
        : `<system-out>${escapeXml(`${outcome}: ${evidence(result)}`)}</system-out>`
  return `${open}>${inner}</testcase>`
}

/** What was asked and answered, as plain text. */
function evidence({ rule, section, expected, found, reason, exchanges }: CheckResult): string {
  const said = [
    section === '' ? rule : `${rule} (${section}, ${linkOf(section)})`,
    expected === undefined ? undefined : `expected: ${expected}`,
    found === undefined ? undefined : `found: ${found}`,
    reason === undefined ? undefined : `why: ${reason}`,
  ]
  return [...said.filter((line) => line !== undefined), ...exchanges.map(exchangeText)].join('\n')
}

function exchangeText({ label, request, answer, failure, curl }: Exchange): string {
  const outcome = answer ? `${answer.status} ${answer.body}` : `no answer: ${failure ?? 'unknown'}`
  return `${label}:\n> ${request.method} ${request.url} ${request.body ?? ''}\n< ${outcome}\n$ ${curl}`
}
