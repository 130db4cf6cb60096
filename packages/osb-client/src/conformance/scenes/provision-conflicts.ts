import type { CallArguments } from '../../operations/write-request.js'
import { schemaOf, validParameters } from '../parameters.js'
import { type PlanUnderTest, planUnderTest } from '../plan-under-test.js'
import type { SceneContext } from '../scene-context.js'
import { statusText } from '../sent.js'
import { expectRefusal } from './refusal.js'

/** A provision of an id that is there, which differs from a good one in what matters. */
interface Conflict {
  readonly label: string
  readonly given: CallArguments
  /** Whether the request is good but for the conflict, so that nothing else than 409 fits. */
  readonly isGood: boolean
}

/** Another plan of the same offering. */
export function otherPlan({ offering, plan_id }: PlanUnderTest): PlanUnderTest | undefined {
  const other = offering.plans.find(({ id }) => id !== plan_id)
  return other && planUnderTest(offering, other)
}

/** A plan of another offering. */
function planElsewhere({ catalog, plan }: SceneContext): PlanUnderTest | undefined {
  const offering = catalog.services.find(({ id }) => id !== plan.service_id)
  const [other] = offering?.plans ?? []
  return offering && other && planUnderTest(offering, other)
}

/** The attributes that are compared are offering, plan and parameters at least (T05). */
function conflicts(context: SceneContext, good: CallArguments): readonly Conflict[] {
  const { plan, newId, conflictingParameters } = context
  const parameters = conflictingParameters('provision', good)
  const other = otherPlan(plan)
  const found = [
    parameters && { label: 'the same id with other parameters', given: { ...good, parameters }, isGood: true },
    other && { label: 'the same id with another plan', given: withPlan(good, other), isGood: true },
  ].filter((conflict) => conflict !== undefined)
  if (found.length > 0) return found
  const elsewhere = planElsewhere(context)
  if (elsewhere)
    return [{ label: 'the same id with a plan of elsewhere', given: withPlan(good, elsewhere), isGood: true }]
  const plan_id = newId()
  return [{ label: 'the same id with a plan that is not in the catalog', given: { ...good, plan_id }, isGood: false }]
}

function withPlan(good: CallArguments, other: PlanUnderTest): CallArguments {
  const { service_id, plan_id } = other
  const parameters = validParameters(schemaOf(other, 'provision'))
  return { ...good, service_id, plan_id, maintenance_info: undefined, parameters }
}

/** @param most how many of them to try */
export async function playConflicts(context: SceneContext, good: CallArguments, most = Infinity): Promise<void> {
  const { call, expect } = context
  for (const { label, given, isGood } of conflicts(context, good).slice(0, most)) {
    const sent = await call('provision', { ...given, accepts_incomplete: true }, { label })
    if (isGood) expectRefusal(context, 'PROV-19', sent, 409)
    else {
      const isRefused = sent.status >= 400 && sent.status < 500
      expect('PROV-19', isRefused, '409, or 400 as there is no such plan', statusText(sent), sent)
    }
  }
}
