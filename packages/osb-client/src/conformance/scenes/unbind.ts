import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { unbindRows } from './bind-rows.js'
import { expectOver, isRunning, pollAndJudge, repeatWhileRunning, sendChange } from './operation-checks.js'
import { expectCode, expectRefusal } from './refusal.js'

const duringChecks = ['UNB-03', 'UNB-04', 'UNB-05', 'UNB-20'] as const

export const unbindChecks = [...duringChecks, 'UNB-02', 'UNB-15', 'UNB-17', 'GETB-08', 'BLK-02'] as const

/** An unbind, its repeats, and what is left of the binding. */
export async function playUnbind(context: SceneContext, target: Target): Promise<void> {
  const { call, goodCall, expect, expectStatus, skip, plan } = context
  const given = goodCall('unbind', target)
  for (const member of ['service_id', 'plan_id']) {
    const sent = await call('unbind', { ...given, [member]: undefined }, { label: `an unbind without ${member}` })
    expectRefusal(context, 'UNB-15', sent, 400)
  }
  const first = await sendChange(context, 'unbind', unbindRows, given)
  if (!isSuccess(first)) return expectStatus('UNB-11', first, 200)
  if (first.status === 202) {
    for (const check of ['UNB-12', 'SYN-13', 'SYN-03']) expectStatus(check, first, 202)
    await repeatWhileRunning(context, unbindRows, first, target, given)
    const { state } = await pollAndJudge(context, first, target)
    if (state !== 'succeeded' && state !== 'gone') return skip('UNB-02', `the unbind ended as ${state}`)
  } else await expectOver(context, 'UNB-12', first, target)
  const again = await call('unbind', given, { label: 'the same unbind once more' })
  expectRefusal(context, 'UNB-17', again, 410)
  expect('UNB-02', !isSuccess(again), 'nothing left to delete', statusText(again), again)
  if (!plan.traits.bindingsRetrievable) return
  const fetched = await call('fetchBinding', { ...target }, { label: 'a fetch of what was unbound' })
  expectRefusal(context, 'GETB-08', fetched, 404)
  expect('UNB-02', !isSuccess(fetched), 'nothing left to fetch', statusText(fetched), fetched)
}

/** An unbind of a binding that is still being made: refused, or it ends the making. */
export async function playUnbindDuringBind(context: SceneContext, instance_id: string): Promise<void> {
  const { call, goodCall, newId, skip } = context
  const skipThese = (reason: string) => duringChecks.forEach((check) => skip(check, reason))
  const target = { instance_id, binding_id: newId() }
  const accepted = await call('bind', goodCall('bind', target), { label: 'a bind to be overtaken' })
  if (accepted.status !== 202) return skipThese(`the bind was answered ${statusText(accepted)}, not 202`)
  const label = 'an unbind while the binding is made'
  const deleted = await call('unbind', goodCall('unbind', target), { label })
  if (isSuccess(deleted)) return playAccepted(context, target, accepted, deleted)
  if (!(await isRunning(context, accepted, target))) return skipThese('the bind had ended before the unbind')
  expectCode(context, ['UNB-20', 'BLK-02'], deleted, 'ConcurrencyError')
  skipThese('the unbind was refused')
  await context.poll(accepted, target)
}

async function playAccepted(context: SceneContext, target: Target, accepted: Sent, deleted: Sent): Promise<void> {
  const { call, goodCall, expect, poll, skip, plan } = context
  skip('UNB-20', 'the unbind was accepted')
  if (deleted.status === 202) {
    skip('UNB-05', 'the unbind was asynchronous')
    const { state, last } = await poll(deleted, target)
    if (state !== 'succeeded' && state !== 'gone')
      return expect('UNB-03', false, 'the unbind to succeed', `${state} (${statusText(last)})`, deleted, last)
    const again = await call('unbind', goodCall('unbind', target), { label: 'the same unbind once more' })
    const found = again.status === 202 ? 'that the unbind still runs' : statusText(again)
    expect('UNB-04', again.status !== 202, 'polls that show the unbind until it is over', found, last, again)
    if (again.status === 202) await poll(again, target)
  } else {
    skip('UNB-04', 'the unbind was synchronous')
    const { last } = await poll(accepted, target, { maximumPolls: 1 })
    const { state } = bodyOf(last)
    expect('UNB-05', last.status !== 200 || state === 'failed', 'the bind as failed', String(state), deleted, last)
  }
  if (!plan.traits.bindingsRetrievable) return skip('UNB-03', 'bindings cannot be fetched')
  await poll(accepted, target, { maximumPolls: 5 })
  const after = await call('fetchBinding', { ...target }, { label: 'a fetch after the unbind' })
  const found = isSuccess(after) ? 'it is there' : 'it is gone'
  expect('UNB-03', !isSuccess(after), 'no binding, as its making was stopped', found, deleted, after)
}
