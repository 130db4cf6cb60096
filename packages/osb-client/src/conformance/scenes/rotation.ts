import type { Made, SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { expectCode } from './refusal.js'

export const rotationChecks = ['ROT-06', 'ROT-09', 'ROT-10', 'BIND-08', 'BIND-30', 'SYN-11', 'ERR-08'] as const

/**
 * A new binding in place of one that goes on.
 * @param taken a binding that is there, whose id no rotation may take
 * @returns the new one, where it was made
 */
export async function playRotation(
  context: SceneContext,
  old: Made,
  taken: Target | undefined,
): Promise<Target | undefined> {
  const { plan, newId, goodCall, expect, skip } = context
  if (!plan.traits.bindingRotatable) {
    for (const check of ['ROT-06', 'ROT-09', 'ROT-10']) skip(check, 'the plan does not say binding_rotatable')
    return undefined
  }
  const target: Target = { instance_id: old.target.instance_id, binding_id: newId() }
  const good = goodCall('bind', target)
  const given = { ...good, predecessor_binding_id: old.target.binding_id, parameters: undefined }
  const sent = await rotate(context, given)
  const isRight = sent.status === 201 || sent.status === 202
  expect('ROT-10', isRight, '201 or 202, as for a bind', statusText(sent), sent)
  const isDone = sent.status !== 202 || (await context.poll(sent, target)).state === 'succeeded'
  if (!isSuccess(sent) || !isDone) {
    skip('ROT-06', isDone ? `the rotation was answered ${statusText(sent)}` : 'the rotation failed')
    return undefined
  }
  judgeNew(context, old.created, sent)
  await judgeBoth(context, old, sent)
  if (taken) await playTaken(context, old, taken)
  return target
}

/** An id that another binding has is no id for a new one. */
async function playTaken(context: SceneContext, old: Made, taken: Target): Promise<void> {
  const { call, goodCall, expect, poll } = context
  const given = { ...goodCall('bind', taken), predecessor_binding_id: old.target.binding_id, parameters: undefined }
  const sent = await call('bind', given, { label: 'a rotation to the id of another binding' })
  // Where the predecessor is not compared, nothing differs, so that 200 fits as well.
  expect('BIND-30', sent.status !== 201, '409, as there is a binding of this id', statusText(sent), sent)
  if (sent.status === 202) await poll(sent, taken)
}

/** What has replaced a binding is there as well when that is gone. */
export async function judgeSuccessor(context: SceneContext, successor: Target): Promise<void> {
  const { call, plan, expect } = context
  if (!plan.traits.bindingsRetrievable) return
  const { service_id, plan_id } = plan
  const ids = { ...successor, service_id, plan_id }
  const sent = await call('fetchBinding', ids, { label: 'a fetch of the new binding after the unbind of the old' })
  expect('ROT-06', sent.status === 200, 'the new binding, which nobody has deleted', statusText(sent), sent)
}

async function rotate(context: SceneContext, given: Made['call']): Promise<Sent> {
  const { call, skip } = context
  const atOnce = { ...given, accepts_incomplete: undefined }
  const first = await call('bind', atOnce, { label: 'a rotation without accepts_incomplete' })
  const isAsked = first.status === 422 && bodyOf(first)['error'] === 'AsyncRequired'
  if (isSuccess(first) && first.status !== 202) {
    skip('ROT-09', 'rotations are synchronous')
    return first
  }
  const second =
    first.status === 202 ? first : await call('bind', { ...given, accepts_incomplete: true }, { label: 'a rotation' })
  if (isAsked || isSuccess(second)) expectCode(context, ['ROT-09', 'SYN-11'], first, 'AsyncRequired')
  return second
}

/** What a bind with credentials gives a rotation gives, too, and others than the old. */
function judgeNew({ expect }: SceneContext, bound: Sent, rotated: Sent): void {
  const [one, two] = [bound, rotated].map((sent) => bodyOf(sent)['credentials'])
  if (one === undefined || rotated.status === 202) return
  const found = two === undefined ? 'none' : 'there are some'
  expect('ROT-10', two !== undefined, 'credentials, as a bind gives them', found, bound, rotated)
  if (two === undefined) return
  const isSame = JSON.stringify(one) === JSON.stringify(two)
  const said = isSame ? 'those of the old binding' : 'others'
  expect('BIND-08', !isSame, 'credentials of its own for the new binding', said, bound, rotated)
}

/** The old binding is there as long as nobody has deleted it. */
async function judgeBoth({ call, plan, expect, skip }: SceneContext, old: Made, rotated: Sent): Promise<void> {
  if (!plan.traits.bindingsRetrievable)
    return skip('ROT-06', 'bindings cannot be fetched, so that the old one is not seen')
  const { service_id, plan_id } = plan
  const ids = { ...old.target, service_id, plan_id }
  const sent = await call('fetchBinding', ids, { label: 'a fetch of the old binding after the rotation' })
  const found = isSuccess(sent) ? 'it is there' : statusText(sent)
  expect('ROT-06', sent.status === 200, 'the old binding beside the new one', found, rotated, sent)
}
