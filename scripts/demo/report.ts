import type { StepResult } from './step-runner.js'

const marks = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' } as const

/** One row of the table, printed when the step has ended. */
export function formatStep({ step, outcome, ms, detail }: StepResult, index: number): string {
  const number = String(index).padStart(2)
  return `${number}  ${marks[outcome].padEnd(7)} ${formatDuration(ms).padStart(8)}  ${step.padEnd(34)} ${detail}`
}

/** The head of the table. */
export const tableHead = ` #  result      time  ${'step'.padEnd(34)} what was seen`

/** The last line: how many steps passed on which engine, or which one failed and why. */
export function summarise(results: readonly StepResult[], engine: string): string {
  const failed = results.find(({ outcome }) => outcome === 'failed')
  if (failed) return `demo: step "${failed.step}" failed on ${engine}: ${failed.detail}`
  const passed = results.filter(({ outcome }) => outcome === 'passed').length
  return `demo: ${passed} steps passed on ${engine}`
}

function formatDuration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}
