import type { ConformanceReport } from '../result.js'
import { outlineOf } from './outline.js'

/** Grows when a field is renamed, removed, or gets another meaning; new fields do not change it. */
export const jsonReportVersion = 1

/**
 * The report as JSON, for other programs: `{ version, summary, …report }`, where `summary` is the verdict in a sentence
 * and `results` has every result as `runConformance` yielded it. What is added later leaves `version` as it is.
 */
export function toJson(report: ConformanceReport): string {
  return `${JSON.stringify({ version: jsonReportVersion, summary: outlineOf(report).verdict, ...report }, undefined, 2)}\n`
}
