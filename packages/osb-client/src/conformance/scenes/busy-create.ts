import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { isRunning, pollOnce } from './operation-checks.js'
import { expectCode } from './refusal.js'

const checks = ['BLK-02', 'DEP-01', 'DEP-03', 'DEP-04', 'DEP-05', 'DEP-19', 'ERR-08', 'LOI-08', 'LOI-12', 'LOI-26']

/** A delete of an instance that is still being made: refused, or it ends the making. */
export const busyCreate: Scene = {
  name: 'delete-during-provision',
  title: 'a delete while the instance is still made',
  kind: 'plan',
  instances: 1,
  checks,
  async play(context) {
    const { newId, goodCall, call } = context
    const target = { instance_id: newId() }
    const accepted = await call('provision', goodCall('provision', target))
    if (accepted.status !== 202) return skipAll(context, `the provision was answered ${statusText(accepted)}, not 202`)
    const label = 'a delete while the instance is made'
    const deleted = await call('deprovision', goodCall('deprovision', target), { label })
    if (isSuccess(deleted)) return playAccepted(context, target, accepted, deleted)
    if (!(await isRunning(context, accepted, target)))
      return skipAll(context, 'the provision had ended before the delete')
    expectCode(context, ['DEP-19', 'BLK-02'], deleted, 'ConcurrencyError')
    for (const check of ['DEP-01', 'DEP-03', 'DEP-04', 'DEP-05']) context.skip(check, 'the delete was refused')
    await context.poll(accepted, target)
  },
}

function skipAll({ skip }: SceneContext, reason: string): void {
  for (const check of checks) skip(check, reason)
}

async function playAccepted(context: SceneContext, target: Target, accepted: Sent, deleted: Sent): Promise<void> {
  const { goodCall, call, expect, skip, poll } = context
  for (const check of ['DEP-19', 'BLK-02', 'ERR-08']) skip(check, 'the delete was accepted')
  if (deleted.status === 202) {
    skip('DEP-05', 'the delete was asynchronous')
    const { state, last } = await poll(deleted, target)
    if (state !== 'succeeded' && state !== 'gone')
      return expect('DEP-03', false, 'the delete to succeed', `${state} (${statusText(last)})`, deleted, last)
    const again = await call('deprovision', goodCall('deprovision', target), { label: 'the same delete once more' })
    const over = again.status === 202 ? 'that the delete still runs' : statusText(again)
    expect('DEP-04', again.status !== 202, 'polls that show the delete until it is over', over, last, again)
    if (again.status === 202) await poll(again, target)
  } else {
    skip('DEP-04', 'the delete was synchronous')
    const last = await pollOnce(context, accepted, target)
    const { state } = bodyOf(last)
    // What is gone may also be answered as such.
    const isRight = last.status !== 200 || state === 'failed'
    expect('DEP-05', isRight, 'the provision as failed', String(state), deleted, last)
  }
  await expectHalted(context, target, accepted, deleted)
}

/** Neither is the instance there, nor does it come when the provision would have ended. */
async function expectHalted(context: SceneContext, target: Target, accepted: Sent, deleted: Sent): Promise<void> {
  const { goodCall, call, expect, plan } = context
  // The delete has been polled to its end; whoever still asks after the provision is to be told something fit.
  if (await isRunning(context, accepted, target)) await context.poll(accepted, target, { maximumPolls: 5 })
  const after = plan.traits.instancesRetrievable
    ? await call('fetchInstance', { ...target }, { label: 'a fetch after the delete' })
    : await call('deprovision', goodCall('deprovision', target), { label: 'one more delete' })
  const found = isSuccess(after) ? 'it is there' : 'it is gone'
  for (const check of ['DEP-03', 'DEP-01'])
    expect(check, !isSuccess(after), 'no instance, as its making was stopped', found, deleted, after)
}
