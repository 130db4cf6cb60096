import type { CallArguments } from '../../operations/write-request.js'
import type { Made, SceneContext } from '../scene-context.js'
import { bodyOf, isSuccess, memberText, type Sent, statusText } from '../sent.js'
import {
  type ChangeRows,
  expectOver,
  isRunning,
  pollAndJudge,
  repeatWhileRunning,
  sendChange,
} from './operation-checks.js'
import { expectCode } from './refusal.js'

export const updateRows: ChangeRows = {
  demanded: ['UPD-09', 'UPD-30'],
  done: 'UPD-22',
  doneStatus: 200,
  running: 'UPD-24',
  sameOperation: 'UPD-25',
  repeated: 'UPD-26',
}

/** Updates an instance, sees the update through to its end, and looks at what it says of a dashboard. */
export async function playChange(
  context: SceneContext,
  made: Made,
  given: CallArguments,
  label: string,
): Promise<Sent> {
  const sent = await sendChange(context, 'update', updateRows, given)
  if (!isSuccess(sent)) return sent
  if (sent.status === 202) {
    for (const check of ['UPD-24', 'SYN-13', 'SYN-03']) context.expectStatus(check, sent, 202)
    await repeatWhileRunning(context, updateRows, sent, made.target, given)
    await playSecond(context, made, given, sent, label)
    await playFetch(context, made, sent)
    const { state, last } = await pollAndJudge(context, sent, made.target)
    if (state !== 'succeeded') return last
  } else await expectOver(context, 'UPD-24', sent, made.target)
  await judgeDashboard(context, made, given, sent)
  return sent
}

/** Another update during the first is refused for that reason, unless the broker can do both. */
async function playSecond(
  context: SceneContext,
  made: Made,
  given: CallArguments,
  accepted: Sent,
  label: string,
): Promise<void> {
  const { call, skip, variedParameters, plan } = context
  const parameters = variedParameters('update', (given['parameters'] ?? {}) as Readonly<Record<string, unknown>>)
  if (!parameters) return skip('BLK-02', `the plan ${plan.name} has no second update to try during the first`)
  const other = { ...given, parameters, accepts_incomplete: true }
  const second = await call('update', other, { label: `another update during ${label}` })
  if (isSuccess(second)) {
    skip('BLK-02', 'the broker takes a second operation during the first')
    if (second.status === 202) await context.poll(second, made.target)
    return
  }
  if (await isRunning(context, accepted, made.target)) expectCode(context, ['BLK-02'], second, 'ConcurrencyError')
}

async function playFetch(context: SceneContext, { target }: Made, accepted: Sent): Promise<void> {
  const { call, plan, expect, skip } = context
  if (!plan.traits.instancesRetrievable) return skip('GETI-10', 'the offering does not say instances_retrievable')
  const fetched = await call('fetchInstance', { ...target }, { label: 'a fetch during the update' })
  if (!isSuccess(fetched)) return expectCode(context, ['GETI-10'], fetched, 'ConcurrencyError')
  expect('GETI-10', true, '200, or 422 "ConcurrencyError"', statusText(fetched), accepted, fetched)
}

async function judgeDashboard(context: SceneContext, made: Made, given: CallArguments, sent: Sent): Promise<void> {
  const { call, plan, expect, skip, instance } = context
  const told = bodyOf(sent)['dashboard_url'] ?? undefined
  if (plan.traits.instancesRetrievable) {
    const fetched = await call('fetchInstance', { ...made.target }, { label: 'a fetch after the update' })
    const shown = bodyOf(fetched)['dashboard_url'] ?? undefined
    const known = told ?? bodyOf(made.created)['dashboard_url'] ?? undefined
    if (shown === undefined || !isSuccess(fetched)) skip('UPD-42', 'the fetch shows no dashboard')
    else expect('UPD-42', shown === known, `${memberText(known)}, as it was told`, memberText(shown), sent, fetched)
  } else skip('UPD-42', 'the offering does not say instances_retrievable')
  if (typeof told !== 'string') return skip('UPD-41', 'the update names no dashboard')
  const other = await instance({ parameters: made.call['parameters'] })
  if (!other) return skip('UPD-41', 'a second instance could not be made')
  const again = { ...given, instance_id: other.target.instance_id, accepts_incomplete: true }
  const second = await call('update', again, { label: 'the same update of another instance' })
  if (second.status === 202) await context.poll(second, other.target)
  const { dashboard_url } = bodyOf(second)
  const found = dashboard_url === told ? `${told} for both` : `${told} and ${String(dashboard_url)}`
  if (typeof dashboard_url === 'string')
    expect('UPD-41', dashboard_url !== told, 'another dashboard for another instance', found, sent, second)
}
