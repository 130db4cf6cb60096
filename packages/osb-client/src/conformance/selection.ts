import type { CheckHead } from './check.js'
import type { ConformanceSelection } from './conformance-options.js'

/** Whether a check is wanted; everything is where nothing is said. */
export function isSelected({ check, level }: CheckHead, { checks, levels }: ConformanceSelection = {}): boolean {
  const isNamed =
    checks === undefined ||
    checks.some((wanted) => check === wanted || check.startsWith(`${wanted}-`) || check.startsWith(`${wanted}:`))
  const strength = level.startsWith('MUST') ? 'MUST' : level.startsWith('SHOULD') ? 'SHOULD' : 'note'
  return isNamed && (levels === undefined || levels.includes(strength))
}
