import type { CheckHead } from './check.js'
import type { CheckedPlan, CheckOutcome, CheckResult } from './result.js'
import type { Sent } from './sent.js'
import type { Show } from './show-exchange.js'

/** One thing that was looked at. */
export interface Assertion {
  readonly ok: boolean
  /** What should have been, in a few words: `201 or 202`. */
  readonly expected: string
  /** What was: `200`. */
  readonly found: string
  /** What it was seen in; at least one. */
  readonly seenIn: readonly Sent[]
}

/** What was asserted of one check in one scene, gathered to one result. */
export class Findings {
  readonly #assertions = new Map<string, Assertion[]>()
  readonly #reasons = new Map<string, string>()

  /** @throws {TypeError} for an assertion about nothing that was sent */
  add(check: string, assertion: Assertion): void {
    if (assertion.seenIn.length === 0) throw new TypeError(`${check}: an assertion needs what it was seen in`)
    const all = this.#assertions.get(check) ?? []
    all.push(assertion)
    this.#assertions.set(check, all)
  }

  /** Says why a check is not applicable; without effect where something is asserted all the same. */
  skip(check: string, reason: string): void {
    if (!this.#reasons.has(check)) this.#reasons.set(check, reason)
  }

  get checks(): readonly string[] {
    return [...new Set([...this.#assertions.keys(), ...this.#reasons.keys()])]
  }

  /** Several results become one where several plans or scenes have gone through the same check. */
  result(
    head: CheckHead,
    where: { readonly scene: string; readonly plan: CheckedPlan | undefined; readonly apiVersion: string },
    show: Show,
  ): CheckResult {
    const all = this.#assertions.get(head.check) ?? []
    const fault = all.find(({ ok }) => !ok)
    const told = fault ?? all.at(-1)
    const notApplicable = this.#reasons.get(head.check) ?? 'nothing that this broker offers leads to it'
    return {
      ...head,
      ...where,
      outcome: outcomeOf(head, all.length, fault !== undefined),
      reason: told ? undefined : show.text(notApplicable),
      expected: told && show.text(told.expected),
      found: told && show.text(told.found),
      assertions: all.length,
      exchanges: (told?.seenIn ?? []).map(show.exchange),
    }
  }
}

function outcomeOf({ level, kind }: CheckHead, assertions: number, isFault: boolean): CheckOutcome {
  if (assertions === 0) return 'not applicable'
  if (!isFault) return 'pass'
  if (kind === 'probe') return 'warning'
  if (level === 'note') return 'note'
  return level === 'MUST' || level === 'MUST NOT' ? 'fail' : 'warning'
}
