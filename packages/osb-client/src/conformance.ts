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
} from './conformance/result.js'
export { ConformanceError, runConformance } from './conformance/run-conformance.js'
