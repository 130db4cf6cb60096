import rows from './rules.json' with { type: 'json' }
import type { CheckLevel } from './result.js'

/** A rule for brokers, in our words. */
export interface Rule {
  readonly id: string
  readonly level: Exclude<CheckLevel, 'note'>
  readonly chapter: string
  readonly rule: string
  /** Heading and line of the specification. */
  readonly section: string
}

/** Every MUST, MUST NOT, SHOULD and SHOULD NOT for brokers, in the order of docs/spec/requirements.md. */
export const rules = rows as readonly Rule[]

const byId = new Map(rules.map((rule) => [rule.id, rule]))

export function findRule(id: string): Rule | undefined {
  return byId.get(id)
}

/** Whether the text says it without a capitalised keyword (†): a broker that differs gets a note. */
export function isUnmarked({ rule }: Rule): boolean {
  return rule.includes('(†)')
}
