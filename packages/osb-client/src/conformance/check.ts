import type { CheckLevel } from './result.js'
import { findRule, isUnmarked } from './rules.js'

/** What is asked of brokers beyond the rules: where the text leaves the answer open, a finding is a risk. */
export interface Probe {
  /** Begins with `probe:`. */
  readonly id: string
  /** What a robust broker does, in plain words. */
  readonly rule: string
  readonly chapter: string
  /** The rows and silences it is about. */
  readonly requirements: readonly string[]
}

/** What is reported of a check beside its outcome. */
export interface CheckHead {
  readonly check: string
  readonly kind: 'check' | 'probe'
  readonly requirements: readonly string[]
  readonly level: CheckLevel
  readonly chapter: string
  readonly section: string
  readonly rule: string
}

/** @throws {TypeError} for what is neither a rule nor a probe */
export function headOf(id: string, probes: readonly Probe[]): CheckHead {
  const probe = probes.find((candidate) => candidate.id === id)
  if (probe) {
    const { rule, chapter, requirements } = probe
    return { check: id, kind: 'probe', requirements, level: 'note', chapter, section: '', rule }
  }
  const rule = findRule(id)
  if (!rule) throw new TypeError(`${id} is no rule for brokers and no probe`)
  const level = isUnmarked(rule) ? 'note' : rule.level
  const { chapter, section } = rule
  return { check: id, kind: 'check', requirements: [id], level, chapter, section, rule: rule.rule }
}
