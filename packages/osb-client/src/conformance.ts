/**
 * The checker that service brokers are tested with: `runConformance`, its results and its reports.
 * @module
 */
export type {
  ConformanceEstimate,
  ConformanceOptions,
  ConformanceSelection,
} from './conformance/conformance-options.js'
export type {
  CheckedPlan,
  CheckLevel,
  CheckOutcome,
  CheckResult,
  ConformanceReport,
  Exchange,
  Leftover,
  NotVisible,
  OutcomeCounts,
  PlatformRuling,
  PlatformStep,
  PlatformVerdict,
} from './conformance/result.js'
export { ConformanceError } from './conformance/conformance-error.js'
export { runConformance } from './conformance/run-conformance.js'
export { jsonReportVersion, toJson } from './conformance/reports/to-json.js'
export { toHtml } from './conformance/reports/to-html.js'
export { toJunit } from './conformance/reports/to-junit.js'
export { toAnnotations, toMarkdown } from './conformance/reports/to-markdown.js'
export { type TerminalOptions, toTerminal } from './conformance/reports/to-terminal.js'
