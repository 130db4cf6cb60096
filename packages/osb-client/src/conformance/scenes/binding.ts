import type { Scene } from '../scene.js'
import type { Made, SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { bindRefusalChecks, playBindRefusals, playUnknownBinding, unknownBindingChecks } from './bind-refusals.js'
import { elsewhereChecks, playElsewhere } from './bind-elsewhere.js'
import { bindRows, unbindRows } from './bind-rows.js'
import { bindStrangely, strangeBindChecks } from './bind-strangely.js'
import { expectConflict } from './bind-conflict.js'
import { busyBindChecks, playDuringBind } from './busy-bind.js'
import { dataChecks, dataIn, judgeData, rowsOfBind } from './binding-data.js'
import { fetchChecks, playFetch } from './binding-fetch.js'
import {
  checksOfChanges,
  checksOfRows,
  expectOver,
  pollAndJudge,
  pollsOfBindings,
  sendChange,
} from './operation-checks.js'
import { reordered } from './reordered.js'
import { judgeSuccessor, playRotation, rotationChecks } from './rotation.js'
import { playUnbind, playUnbindDuringBind, unbindChecks } from './unbind.js'
import { variedCall } from './varied-call.js'

const checks = [
  ...new Set([
    ...checksOfRows(bindRows),
    ...checksOfRows(unbindRows),
    ...checksOfChanges.filter((check) => !check.startsWith('LOI-')),
    ...Object.values(pollsOfBindings),
    ...bindRefusalChecks,
    ...unknownBindingChecks,
    ...busyBindChecks,
    ...dataChecks,
    ...strangeBindChecks,
    ...elsewhereChecks,
    ...fetchChecks,
    ...rotationChecks,
    ...unbindChecks,
    'BIND-03',
    'BIND-06',
    'BIND-08',
    'BIND-22',
    'BIND-26',
    'BIND-30',
    'BIND-43',
  ]),
]

/** All that is done with bindings, on one instance. */
export const binding: Scene = {
  name: 'binding',
  title: 'binds, their repeats and conflicts, fetches, rotations and unbinds',
  kind: 'plan',
  instances: 1,
  checks,
  async play(context) {
    const instance = await context.instance()
    if (!instance) return skipAll(context, 'there is no instance to bind: the provision did not succeed')
    const { instance_id } = instance.target
    if (!context.plan.traits.bindable) return playUndeclared(context, instance_id)
    await playUnknownBinding(context, instance_id)
    await playBindRefusals(context, instance_id)
    const made = await playBind(context, instance_id)
    if (made) {
      await playRepeats(context, made)
      const other = await bindStrangely(context, instance_id)
      judgeUnique(context, made.created, other?.created)
      const successor = await playRotation(context, made, other?.target)
      await playElsewhere(context, made.target)
      await playUnbind(context, made.target)
      if (successor) await judgeSuccessor(context, successor)
    } else skipAll(context, 'no binding could be made')
    await playUnbindDuringBind(context, instance_id)
  },
}

/** What the catalog calls not bindable must not be. */
async function playUndeclared(context: SceneContext, instance_id: string): Promise<void> {
  const { call, goodCall, newId, expect, poll } = context
  const target = { instance_id, binding_id: newId() }
  const label = 'a bind of a plan that the catalog calls not bindable'
  const sent = await call('bind', goodCall('bind', target), { label })
  expect('BIND-03', !isSuccess(sent), 'a refusal, as bindable is not true', statusText(sent), sent)
  if (sent.status === 202) await poll(sent, target)
  skipAll(context, 'the plan is not bindable')
}

function skipAll({ skip }: SceneContext, reason: string): void {
  for (const check of checks) skip(check, reason)
}

/** One bind, watched from the request to the fetch of what it made. */
async function playBind(context: SceneContext, instance_id: string): Promise<Made | undefined> {
  const { newId, expect, expectStatus, plan } = context
  const target: Target = { instance_id, binding_id: newId() }
  const given = variedCall(context, 'bind', target)
  const created = await sendChange(context, 'bind', bindRows, { ...given, accepts_incomplete: undefined })
  if (isUnretrievable(context, created)) return undefined
  expect('BIND-03', isSuccess(created), 'a bind that works, as the plan is bindable', statusText(created), created)
  if (!isSuccess(created)) {
    expectStatus('BIND-23', created, 201)
    return undefined
  }
  if (created.status !== 202) {
    if (plan.traits.bindingsRetrievable) await expectOver(context, 'BIND-24', created, target)
    await judgeResult(context, target, created, created)
    return { target, call: given, created, polled: undefined }
  }
  for (const check of ['BIND-24', 'SYN-13', 'SYN-03']) expectStatus(check, created, 202)
  const early = dataIn(created)
  const found = early.length === 0 ? 'none of it' : early.join(', ')
  expect('BIND-26', early.length === 0, 'a 202 without data of the binding', found, created)
  await playDuringBind(context, created, target, given)
  const polled = await pollAndJudge(context, created, target)
  if (polled.state !== 'succeeded') return undefined
  await judgeResult(context, target, created, undefined)
  return { target, call: given, created, polled }
}

/** An asynchronous bind that nobody may fetch is of no use; what the broker wants of it cannot be played (T13). */
function isUnretrievable({ plan, skip }: SceneContext, sent: Sent): boolean {
  const isRefused = sent.status === 422 && bodyOf(sent)['error'] === 'AsyncRequired'
  if (!isRefused || plan.traits.bindingsRetrievable) return false
  skip('BIND-23', 'binds are asynchronous only, and the offering does not say bindings_retrievable')
  return true
}

async function judgeResult(context: SceneContext, target: Target, created: Sent, sync: Sent | undefined) {
  const { expect, plan } = context
  if (sync) judgeData(context, sync, rowsOfBind)
  const fetched = await playFetch(context, target, sync)
  const given = [sync, fetched].filter((sent) => sent !== undefined)
  const told = given.at(0)
  if (!told) return
  const all = given.flatMap((sent) => dataIn(sent))
  const mayBeEmpty = (plan.offering.requires ?? []).length > 0
  const isGiven = all.length > 0 || mayBeEmpty
  expect(
    'BIND-06',
    isGiven,
    'data of the binding, such as credentials',
    isGiven ? 'there is some' : 'none',
    created,
    told,
  )
  judgeCredentials(context, sync, fetched)
}

/** Whether a service has credentials is seen where it gives some; then the bind has to give them, too. */
function judgeCredentials({ expect, skip }: SceneContext, sync: Sent | undefined, fetched: Sent | undefined): void {
  const [bound, later] = [sync, fetched].map((sent) => sent && bodyOf(sent)['credentials'])
  const seenIn = [fetched, sync].filter((sent) => sent !== undefined)
  if (bound === undefined && later === undefined) return skip('BIND-43', 'the service gives no credentials')
  const isRight = typeof (bound ?? later) === 'object' && (sync === undefined || bound !== undefined)
  const found = bound === undefined && sync ? 'only a fetch gives them' : `credentials: ${typeof (bound ?? later)}`
  expect('BIND-43', isRight, 'an object of credentials in the answer of the bind', found, ...seenIn)
}

async function playRepeats(context: SceneContext, { target, call: given, created }: Made): Promise<void> {
  const { call, expect, expectStatus, skip } = context
  const label = 'the same bind once more, its members in another order'
  const again = await call('bind', reordered(given), { label })
  // After an asynchronous bind the text leaves 200 and 202 open (BIND-22 is about synchronous answers only).
  if (created.status === 202) skip('BIND-22', 'binds of this broker are asynchronous')
  else expectStatus('BIND-22', again, 200)
  expect('BIND-23', again.status !== 201, 'no 201 for a binding that was there', statusText(again), again)
  if (again.status === 202) await context.poll(again, target)
  await expectConflict(context, given, 'a bind of the same id with other parameters')
}

function judgeUnique({ expect, skip }: SceneContext, first: Sent, second: Sent | undefined): void {
  if (!second) return skip('BIND-08', 'a second binding could not be made')
  const [one, two] = [first, second].map((sent) => bodyOf(sent)['credentials'])
  if (one === undefined || two === undefined) return skip('BIND-08', 'the answers of binds have no credentials')
  const isSame = JSON.stringify(one) === JSON.stringify(two)
  const found = isSame ? 'both bindings have the same' : 'they differ'
  expect('BIND-08', !isSame, 'credentials of its own for each binding', found, first, second)
}
