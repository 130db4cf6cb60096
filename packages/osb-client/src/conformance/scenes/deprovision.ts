import type { CallArguments } from '../../operations/write-request.js'
import type { Scene } from '../scene.js'
import type { Made, SceneContext } from '../scene-context.js'
import { isSuccess, statusText } from '../sent.js'
import {
  type ChangeRows,
  checksOfChanges,
  checksOfRows,
  expectOver,
  pollAndJudge,
  repeatWhileRunning,
  sendChange,
} from './operation-checks.js'
import { expectRefusal, refusalChecks, unknownMembers } from './refusal.js'

const rows: ChangeRows = {
  demanded: ['DEP-09', 'DEP-17'],
  done: 'DEP-10',
  doneStatus: 200,
  running: 'DEP-11',
  sameOperation: 'DEP-12',
  repeated: 'DEP-13',
}

const checks = [
  ...checksOfRows(rows),
  ...checksOfChanges,
  ...refusalChecks,
  'DEP-01',
  'DEP-14',
  'DEP-16',
  'EXT-03',
  'EXT-04',
  'GEN-06',
  'GEN-07',
  'GETI-09',
  'PROV-01',
].filter((check) => check !== 'LOI-28' && check !== 'LOI-12')

/** A provision with the least and with unknown members, and the delete of its instance. */
export const deprovision: Scene = {
  name: 'deprovision',
  title: 'a delete, its repeats, and what is left',
  kind: 'plan',
  instances: 1,
  checks,
  async play(context) {
    const made = await makeStrangely(context)
    if (!made) return
    const { target } = made
    const good = context.goodCall('deprovision', target)
    await playMissing(context, good)
    const first = await sendChange(context, 'deprovision', rows, good)
    context.expect('PROV-01', first.status !== 410, 'an instance that can be deleted', statusText(first), first)
    if (!isSuccess(first)) {
      context.expectStatus('DEP-10', first, 200)
      return skipRest(context, `the delete was answered ${statusText(first)}`)
    }
    if (first.status === 202) {
      for (const check of ['DEP-11', 'SYN-13', 'SYN-03']) context.expectStatus(check, first, 202)
      await repeatWhileRunning(context, rows, first, target, good)
      const { state, last } = await pollAndJudge(context, first, target)
      if (state !== 'succeeded' && state !== 'gone')
        return skipRest(context, `the delete ended as ${state} (${statusText(last)})`)
    } else await expectOver(context, 'DEP-11', first, target)
    await playAfter(context, good)
  },
}

function skipRest({ skip }: SceneContext, reason: string): void {
  for (const check of checks) skip(check, reason)
}

/** An instance by a provision with members that the broker cannot know. */
async function makeStrangely(context: SceneContext): Promise<Made | undefined> {
  const { goodCall, newId, call, poll, expect } = context
  const target = { instance_id: newId() }
  const good = goodCall('provision', target)
  const strange = { ...good, ...unknownMembers, context: { ...(good['context'] as object), ...unknownMembers } }
  const changes = {
    label: 'a provision with unknown members',
    rawQuery: 'accepts_incomplete=true&osb-check-unknown=1',
  }
  const first = await call('provision', strange, changes)
  const created = isSuccess(first) ? first : await call('provision', good)
  // What is refused with and without them was not refused for them.
  if (isSuccess(created))
    for (const check of ['EXT-03', 'EXT-04', 'GEN-07'])
      expect(check, isSuccess(first), '201 or 202, as what is unknown is ignored', statusText(first), first)
  const polled = created.status === 202 ? await poll(created, target) : undefined
  if (!isSuccess(created) || (polled && polled.state !== 'succeeded')) {
    skipRest(
      context,
      `the provision was answered ${statusText(created)}${polled ? `, and ended as ${polled.state}` : ''}`,
    )
    return undefined
  }
  await playLeast(context, good)
  return { target, call: good, created, polled }
}

/** A repeat as a platform of version 2.11 would send it. */
async function playLeast({ call, expect }: SceneContext, good: CallArguments): Promise<void> {
  const label = 'the provision once more, without what later versions have added'
  const sent = await call('provision', { ...good, context: undefined, maintenance_info: undefined }, { label })
  const isTaken = isSuccess(sent) || sent.status === 409
  expect('GEN-06', isTaken, '200, or 409 where the context matters', statusText(sent), sent)
}

/** Without one of its ids a delete is malformed. */
async function playMissing(context: SceneContext, good: CallArguments): Promise<void> {
  for (const member of ['service_id', 'plan_id']) {
    const label = `a delete without ${member}`
    const sent = await context.call('deprovision', { ...good, [member]: undefined }, { label })
    expectRefusal(context, 'DEP-14', sent, 400)
  }
}

/** Nothing is left: a repeat finds nothing to delete, and a fetch nothing to show. */
async function playAfter(context: SceneContext, good: CallArguments): Promise<void> {
  const { call, plan, expect, skip } = context
  const again = await call('deprovision', good, { label: 'the same delete once more' })
  expectRefusal(context, 'DEP-16', again, 410)
  expect('DEP-01', !isSuccess(again), 'nothing left to delete', statusText(again), again)
  if (!plan.traits.instancesRetrievable) return skip('GETI-09', 'the offering does not say instances_retrievable')
  const fetched = await call('fetchInstance', { ...good }, { label: 'a fetch of what was deleted' })
  expectRefusal(context, 'GETI-09', fetched, 404)
  expect('DEP-01', !isSuccess(fetched), 'nothing left to fetch', statusText(fetched), fetched)
}
