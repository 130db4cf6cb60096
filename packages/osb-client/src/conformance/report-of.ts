import { notVisible } from './not-visible.js'
import type { Stage } from './open-scene.js'
import type { PlanUnderTest } from './plan-under-test.js'
import type { CheckedPlan, CheckOutcome, CheckResult, ConformanceReport, Leftover, PlatformVerdict } from './result.js'

/** A plan as results name it. */
export function toChecked({ service_id, plan_id, name }: PlanUnderTest): CheckedPlan {
  return { service_id, plan_id, name }
}

const outcomes = ['pass', 'fail', 'warning', 'note', 'not applicable'] as const

/** What a report says of the run as a whole. */
interface RunFacts {
  readonly stage: Stage
  readonly apiVersion: string
  readonly plans: readonly PlanUnderTest[]
  readonly begun: number
  readonly startedAt: string
}

/** Puts the results together to the report of the run. */
export function reportOf(
  { stage, apiVersion, plans, begun, startedAt }: RunFacts,
  results: readonly CheckResult[],
  platforms: readonly PlatformVerdict[],
  leftovers: readonly Leftover[],
  endedBy: string | undefined,
): ConformanceReport {
  const count = (wanted: CheckOutcome) => results.filter(({ outcome }) => outcome === wanted).length
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as ConformanceReport['counts']
  return {
    url: `${stage.broker.origin}${stage.broker.prefix}`,
    apiVersion,
    seed: stage.seed,
    startedAt,
    durationMs: Math.round(performance.now() - begun),
    requests: stage.broker.requests,
    instances: stage.made.size,
    verdict: counts.fail > 0 ? 'does not conform' : endedBy === undefined ? 'conforms' : 'incomplete',
    endedBy,
    plans: plans.map(toChecked),
    counts,
    results,
    notVisible,
    platforms,
    leftovers,
  }
}
