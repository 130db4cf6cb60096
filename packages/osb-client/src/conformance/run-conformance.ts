import { headOf } from './check.js'
import type { ConformanceOptions } from './conformance-options.js'
import { checksOfAnyAnswer } from './judge-answer.js'
import { judgePlatforms } from './platforms/judge-platforms.js'
import { probes } from './probes.js'
import { findingsWithoutCatalog } from './read-catalog.js'
import { reportOf } from './report-of.js'
import type { CheckResult, ConformanceReport, Leftover, PlatformVerdict } from './result.js'
import { isSelected } from './selection.js'
import type { Sent } from './sent.js'

import { openRun, type Run } from './open-run.js'
import { playAll, showOf } from './play-scenes.js'
/**
 * Checks a broker against the specification, and yields each result as it is known; the generator's return value is the
 * whole report. What the run creates is deleted, also when it is aborted.
 * @throws {ConformanceError} when the run cannot begin; {TypeError} for options that make no sense
 * @example
 * for await (const { check, outcome, found } of runConformance({ url, auth }))
 *   if (outcome === 'fail') console.log(check, found)
 */
export async function* runConformance(
  options: ConformanceOptions,
): AsyncGenerator<CheckResult, ConformanceReport, void> {
  const run = await openRun(options)
  const results: CheckResult[] = []
  const leftovers: Leftover[] = []
  const platforms: PlatformVerdict[] = []
  let endedBy: string | undefined
  try {
    for await (const played of playAll(run)) {
      leftovers.push(...played.leftovers)
      endedBy ??= played.endedBy
      for (const result of played.results) {
        results.push(result)
        yield result
      }
    }
    if (!run.noCatalog) {
      const judged = await judgePlatforms(run, showOf(run.stage))
      platforms.push(...judged.verdicts)
      leftovers.push(...judged.leftovers)
    }
    for (const result of run.noCatalog ? resultsWithoutCatalog(run, run.noCatalog) : generalResults(run)) {
      results.push(result)
      yield result
    }
  } finally {
    await run.stage.broker.close()
  }
  return reportOf(run, results, platforms, leftovers, endedBy)
}

function generalResults({ stage, options, apiVersion }: Run): readonly CheckResult[] {
  return checksOfAnyAnswer
    .map((id) => headOf(id, probes))
    .filter((head) => isSelected(head, options.select))
    .map((head) => stage.general.result(head, { scene: 'any-answer', plan: undefined, apiVersion }, showOf(stage)))
}

function resultsWithoutCatalog({ stage, options, apiVersion, scenes }: Run, sent: Sent): readonly CheckResult[] {
  const all = [...new Set([...scenes.flatMap(({ checks }) => checks), ...checksOfAnyAnswer, 'CAT-11', 'CAT-15'])]
  const findings = findingsWithoutCatalog(sent, all)
  return all
    .map((id) => headOf(id, probes))
    .filter((head) => isSelected(head, options.select))
    .map((head) => findings.result(head, { scene: 'catalog', plan: undefined, apiVersion }, showOf(stage)))
}
