import type { CallArguments } from '../../operations/write-request.js'
import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, memberText, type Sent, statusText } from '../sent.js'
import {
  type ChangeRows,
  checksOfChanges,
  checksOfRows,
  expectOver,
  isRunning,
  pollAndJudge,
  repeatWhileRunning,
  sendChange,
} from './operation-checks.js'
import { expectRefusal, refusalChecks } from './refusal.js'
import { playConflicts } from './provision-conflicts.js'
import { reordered } from './reordered.js'
import { variedCall } from './varied-call.js'
import { playWrongValues, wrongValueChecks } from './wrong-values.js'

const rows: ChangeRows = {
  demanded: ['PROV-05', 'PROV-20'],
  done: 'PROV-13',
  doneStatus: 201,
  running: 'PROV-14',
  sameOperation: 'PROV-15',
  repeated: 'PROV-16',
}

const checks = [
  ...checksOfRows(rows),
  ...checksOfChanges.filter((check) => check !== 'ERR-08'),
  ...wrongValueChecks,
  ...refusalChecks,
  'PROV-12',
  'PROV-19',
  'PROV-26',
  'PROV-27',
  'MNT-06',
  'CT-03',
  'GETI-01',
  'GETI-02',
  'GETI-08',
  'GETI-09',
  'GETI-13',
]

/** A provision, its repeats and conflicts, and what a fetch shows of it. */
export const provision: Scene = {
  name: 'provision',
  title: 'a provision, its repeats and conflicts',
  kind: 'plan',
  instances: 2,
  checks,
  async play(context) {
    const target = { instance_id: context.newId() }
    const good = variedCall(context, 'provision', target)
    const first = await sendChange(context, 'provision', rows, good)
    if (!isSuccess(first)) return refused(context, first)
    if (first.status === 202) {
      if (!(await playAsync(context, first, target, good))) return
    } else await expectOver(context, 'PROV-14', first, target)
    const fetched = await playFetch(context, first, target)
    await playRepeats(context, first, good)
    await playConflicts(context, good)
    if (fetched) await expectUnchanged(context, fetched, target)
    await playDashboard(context, first)
    await playWrongValues(context)
  },
}

function refused({ skip }: SceneContext, sent: Sent): void {
  const { description } = bodyOf(sent)
  const why = typeof description === 'string' ? `: ${description}` : ''
  for (const check of checks) skip(check, `the provision was answered ${statusText(sent)}${why}`)
}

/** @returns whether there is an instance now */
async function playAsync(context: SceneContext, first: Sent, target: Target, good: CallArguments): Promise<boolean> {
  const { call, plan, expectStatus, skip } = context
  for (const check of ['PROV-14', 'SYN-13', 'SYN-03']) expectStatus(check, first, 202)
  await repeatWhileRunning(context, rows, first, target, good)
  await playConflicts(context, good, 1)
  if (plan.traits.instancesRetrievable) {
    const early = await call('fetchInstance', { ...target }, { label: 'a fetch while the instance is made' })
    if (await isRunning(context, first, target)) expectRefusal(context, 'GETI-09', early, 404)
  }
  const { state } = await pollAndJudge(context, first, target)
  if (state === 'succeeded') return true
  for (const check of checks) skip(check, `the provision ended as ${state}`)
  return false
}

async function playFetch(context: SceneContext, first: Sent, target: Target): Promise<Sent | undefined> {
  const { call, plan, expect, expectStatus, skip } = context
  if (!plan.traits.instancesRetrievable) {
    const reason = 'the offering does not say instances_retrievable'
    for (const check of ['GETI-01', 'GETI-02', 'GETI-08', 'GETI-09', 'GETI-13', 'PROV-27']) skip(check, reason)
    return undefined
  }
  const fetched = await call('fetchInstance', { ...target }, { label: 'a fetch of the instance' })
  expect('GETI-01', isSuccess(fetched), 'the instance, as it is declared retrievable', statusText(fetched), fetched)
  if (first.status === 202) expectStatus('GETI-02', fetched, 200)
  else skip('GETI-02', 'the provision was synchronous')
  if (!isSuccess(fetched)) return undefined
  expectStatus('GETI-08', fetched, 200)
  judgeDashboards(context, first, fetched)
  return fetched
}

function judgeDashboards({ expect, skip }: SceneContext, first: Sent, fetched: Sent): void {
  if (first.json === undefined) {
    for (const check of ['GETI-13', 'PROV-27']) skip(check, 'the answer to the provision is no JSON')
    return
  }
  const [told, shown] = [first, fetched].map((sent) => bodyOf(sent)['dashboard_url'] ?? undefined)
  if (shown === undefined) {
    skip('GETI-13', 'the fetch shows no dashboard')
    if (told === undefined) skip('PROV-27', 'there is no dashboard')
  } else expect('GETI-13', shown === told, memberText(told), memberText(shown), first, fetched)
  if (told !== undefined || shown !== undefined)
    expect('PROV-27', told !== undefined, 'the dashboard in the first answer', memberText(told), first, fetched)
}

async function playRepeats(context: SceneContext, first: Sent, good: CallArguments): Promise<void> {
  const { call, plan, expect, expectStatus, skip } = context
  const asked = { ...reordered(good), accepts_incomplete: true }
  const repeat = await call('provision', asked, { label: 'the same provision once more, its members in another order' })
  const wasAsync = first.status === 202
  // Whether an asynchronous provision that has ended has a repeat, the text leaves open (A5).
  expectStatus('PROV-12', repeat, ...(wasAsync ? [200, 409] : [200]))
  expect('PROV-13', repeat.status !== 201, 'no 201, as the instance was there', statusText(repeat), repeat)
  if (repeat.status !== 200) return
  const typed = await call('provision', asked, {
    label: 'the same provision as text/plain',
    headers: { 'Content-Type': 'text/plain' },
  })
  if (isSuccess(typed)) skip('CT-03', 'the broker takes any content type')
  else expectStatus('CT-03', typed, 400)
  const { maintenance_info } = plan.plan
  if (!maintenance_info) return skip('MNT-06', 'the plan has no maintenance_info')
  const { version } = maintenance_info
  const described = { ...asked, maintenance_info: { version, description: 'osb-check: another description' } }
  const sent = await call('provision', described, { label: 'the same provision, maintenance_info described otherwise' })
  expectStatus('MNT-06', sent, 200)
}

/** Nothing that was refused since has changed the instance. */
async function expectUnchanged({ call, expect }: SceneContext, before: Sent, target: Target): Promise<void> {
  const after = await call('fetchInstance', { ...target }, { label: 'a fetch after what was refused' })
  const [was, is] = [before, after].map((sent) => JSON.stringify(shownOf(sent)))
  expect('ERR-13', was === is, `as before: ${was}`, String(is), before, after)
}

/** What a fetch tells of an instance, without what a broker may add from time to time. */
export function shownOf(fetched: Sent): Readonly<Record<'service_id' | 'plan_id' | 'parameters', unknown>> {
  // No parameters and empty ones say the same.
  const { service_id, plan_id, parameters = {} } = bodyOf(fetched)
  return { service_id, plan_id, parameters: sorted(parameters) }
}

/** The same JSON value with the members of each object in the order of their names. */
export function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

/** Two instances have two dashboards, else the URL alone could not tell of which instance it is. */
async function playDashboard({ instance, expect, skip }: SceneContext, first: Sent): Promise<void> {
  const { dashboard_url: url } = bodyOf(first)
  if (typeof url !== 'string') return skip('PROV-26', 'there is no dashboard')
  const other = await instance()
  if (!other) return skip('PROV-26', 'a second instance could not be made')
  const { dashboard_url: second } = bodyOf(other.created)
  const found = second === url ? `${url} for both` : `${url} and ${String(second)}`
  expect('PROV-26', second !== url, 'another dashboard for another instance', found, first, other.created)
}
