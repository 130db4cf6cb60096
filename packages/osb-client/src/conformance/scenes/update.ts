import type { CallArguments } from '../../operations/write-request.js'
import type { Scene, SceneFacts } from '../scene.js'
import type { Made, SceneContext } from '../scene-context.js'
import { schemaOf } from '../parameters.js'
import { bodyOf, isSuccess, memberText, type Sent, statusText } from '../sent.js'
import { checksOfChanges, checksOfRows } from './operation-checks.js'
import { playChange, updateRows } from './update-change.js'
import { shownOf, sorted } from './provision.js'
import { otherPlan } from './provision-conflicts.js'
import { variedCall } from './varied-call.js'
import { expectUntouched, fetchOf, parametersOf, playRefusals } from './update-refusals.js'
import { expectRefusal, refusalChecks, unknownMembers } from './refusal.js'

const checks = [
  ...checksOfRows(updateRows),
  ...checksOfChanges,
  ...refusalChecks,
  'BLK-02',
  'CT-03',
  'EXT-03',
  'EXT-04',
  'ERR-13',
  'GETI-10',
  'MNT-09',
  'MNT-10',
  'UPD-02',
  'UPD-03',
  'UPD-07',
  'UPD-12',
  'UPD-13',
  'UPD-20',
  'UPD-27',
  'UPD-29',
  'UPD-32',
  'UPD-35',
  'UPD-41',
  'UPD-42',
]

/** Updates of an instance: refused ones, of its context, of its parameters, to another plan. */
export const update: Scene = {
  name: 'update',
  title: 'updates: refused ones, and of context, parameters and plan',
  kind: 'plan',
  instances: 2,
  checks,
  unfit: (facts) =>
    isUpdateable(facts) || otherPlan(facts.plan) ? undefined : 'the catalog offers no way to update an instance of it',
  async play(context) {
    const made = await madeVaried(context)
    if (!made) {
      for (const check of checks) context.skip(check, 'no instance could be made')
      return
    }
    const before = await fetchOf(context, made)
    if (!before && context.plan.traits.instancesRetrievable) {
      for (const check of checks) context.skip(check, 'the instance that was made cannot be fetched')
      return
    }
    if (isUpdateable(context)) await playRefusals(context, made, before)
    await playContext(context, made, before)
    await playParameters(context, made, before)
    if (isUpdateable(context)) await playUnchanged(context, made)
    await playPlan(context, made)
  },
}

function isUpdateable({ plan }: Pick<SceneFacts, 'plan'>): boolean {
  const { offering, traits } = plan
  return traits.planUpdateable || offering.allow_context_updates === true || schemaOf(plan, 'update') !== undefined
}

/** An instance with parameters that can be seen to stay or to change. */
function madeVaried(context: SceneContext): Promise<Made | undefined> {
  const { parameters } = variedCall(context, 'provision', { instance_id: 'any' })
  return context.instance({ parameters })
}

/** Updates that change nothing, with what a broker has to ignore in them. */
async function playUnchanged(context: SceneContext, made: Made): Promise<void> {
  const { goodCall, plan, expect, skip } = context
  const bare = { ...goodCall('update', made.target), parameters: undefined }
  const strange = await settle(context, made, { ...bare, ...unknownMembers }, 'an update with unknown members')
  const isTaken = isSuccess(strange) || strange.status === 422
  for (const check of ['EXT-03', 'EXT-04'])
    expect(check, isTaken, '200 or 202, as what is unknown is ignored', statusText(strange), strange)
  const version = plan.plan.maintenance_info?.version
  if (typeof version !== 'string') return skip('MNT-09', 'the plan has no maintenance_info')
  const maintenance_info = { version, description: 'osb-check: another description' }
  const label = 'an update to the present maintenance version, described otherwise'
  const sent = await settle(context, made, { ...bare, plan_id: undefined, maintenance_info }, label)
  expect('MNT-09', isSuccess(sent), '200 or 202, as only the version counts', statusText(sent), sent)
}

/** Sends an update, and waits until it is over. */
async function settle(context: SceneContext, made: Made, given: CallArguments, label: string): Promise<Sent> {
  const sent = await context.call('update', given, { label })
  if (sent.status === 202) await context.poll(sent, made.target)
  return sent
}

async function playContext(context: SceneContext, made: Made, before: Sent | undefined): Promise<void> {
  const { plan, skip, goodCall, expect } = context
  if (plan.offering.allow_context_updates !== true) {
    for (const check of ['UPD-02', 'UPD-12']) skip(check, 'the offering does not say allow_context_updates')
    return
  }
  const good = goodCall('update', made.target)
  const renamed = { ...(good['context'] as object), instance_name: 'osb-check-renamed' }
  const given = { ...good, plan_id: undefined, parameters: undefined, context: renamed }
  const sent = await playChange(context, made, given, 'an update of the context only')
  expect('UPD-02', isSuccess(sent), '200 or 202, as context updates are allowed', statusText(sent), sent)
  if (isSuccess(sent)) await expectKept(context, made, before, ['plan_id', 'parameters'])
}

async function playParameters(context: SceneContext, made: Made, before: Sent | undefined): Promise<void> {
  const { skip, goodCall, expect, variedParameters, parametersFor } = context
  const old = parametersOf(made)
  const parameters = parametersFor('update') ?? variedParameters('update', old)
  if (!parameters) return skip('UPD-20', 'there is no parameter to update')
  const given = { ...goodCall('update', made.target), plan_id: undefined, parameters }
  const sent = await playChange(context, made, given, 'an update of parameters')
  if (!isSuccess(sent)) return
  const after = await fetchOf(context, made)
  if (before && after) {
    const [was, is] = [before, after].map(shownParameters)
    // A broker may keep some to itself: what is shown at one time is to be shown at the other.
    const stale = Object.keys(parameters).filter(
      (name) => (name in (was ?? {}) || name in (is ?? {})) && differs(is?.[name], parameters[name]),
    )
    const found = stale.length === 0 ? 'the new parameters' : `not the new ${stale.join(', ')}`
    expect('UPD-22', stale.length === 0, 'the new parameters', found, sent, after)
  }
  await expectKept(context, made, before, ['plan_id'])
}

const shownParameters = (fetched: Sent) => (bodyOf(fetched)['parameters'] ?? {}) as Readonly<Record<string, unknown>>

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b))

/** What an update does not name stays as it was. */
async function expectKept(
  context: SceneContext,
  made: Made,
  before: Sent | undefined,
  members: readonly ('plan_id' | 'parameters')[],
): Promise<void> {
  const after = before && (await fetchOf(context, made))
  for (const member of members) {
    const check = member === 'plan_id' ? 'UPD-12' : 'UPD-20'
    if (!before || !after) {
      context.skip(check, 'the instance cannot be fetched')
      continue
    }
    const [was, is] = [before, after].map((sent) => JSON.stringify(shownOf(sent)[member]))
    context.expect(check, was === is, `the ${member} as before: ${was ?? 'none'}`, is ?? 'none', before, after)
  }
}

async function playPlan(context: SceneContext, made: Made): Promise<void> {
  const { plan, skip, goodCall, expect } = context
  const other = otherPlan(plan)
  if (!other) {
    for (const check of ['UPD-03', 'UPD-07', 'UPD-29']) skip(check, 'the offering has no other plan')
    return
  }
  const given: CallArguments = { ...goodCall('update', made.target), plan_id: other.plan_id, parameters: undefined }
  if (!plan.traits.planUpdateable) return playFixed(context, made, given)
  skip('UPD-03', 'the plan says plan_updateable')
  const before = await fetchOf(context, made)
  const sent = await playChange(context, made, given, 'an update to another plan')
  if (!isSuccess(sent)) return judgeUnsupported(context, sent)
  for (const check of ['UPD-07', 'UPD-29']) skip(check, 'the change of plan was accepted')
  const after = await fetchOf(context, made)
  const found = after ? memberText(bodyOf(after)['plan_id']) : ''
  const isChanged = found === other.plan_id || found === 'none'
  if (after) expect('UPD-22', isChanged, `the plan ${other.plan_id}`, found, sent, after)
  await expectKept(context, made, before, ['parameters'])
}

async function playFixed(context: SceneContext, made: Made, given: CallArguments): Promise<void> {
  const before = await fetchOf(context, made)
  const label = 'an update to another plan, which the catalog does not offer'
  const sent = await context.call('update', given, { label })
  context.expect('UPD-03', !isSuccess(sent), 'a refusal', statusText(sent), sent)
  judgeUnsupported(context, sent)
  if (sent.status === 202) await context.poll(sent, made.target)
  else if (sent.status >= 400) await expectUntouched(context, made, before, sent)
}

function judgeUnsupported(context: SceneContext, sent: Sent): void {
  expectRefusal(context, 'UPD-29', sent, 422)
  const { description } = bodyOf(sent)
  const isTold = typeof description === 'string' && description !== ''
  context.expect('UPD-07', isTold, 'a description that says why', isTold ? description : 'none', sent)
}
