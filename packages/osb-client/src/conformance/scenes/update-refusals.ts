import type { Made, SceneContext } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { shownOf } from './provision.js'
import { expectCode, expectRefusal } from './refusal.js'
import { otherVersions } from './wrong-values.js'

/** Updates that have to be refused, and of which nothing may be applied. */
export async function playRefusals(context: SceneContext, made: Made, before: Sent | undefined): Promise<void> {
  const { call, skip, invalidParameters, expect } = context
  const good = context.goodCall('update', made.target)
  const nameless = await call('update', { ...good, service_id: undefined }, { label: 'an update without service_id' })
  expectRefusal(context, 'UPD-27', nameless, 400)
  const broken = await call('update', good, { label: 'an update with a body that is no JSON', rawBody: '{"plan_id": ' })
  expectRefusal(context, 'UPD-27', broken, 400)
  context.expectStatus('CT-03', broken, 400)
  const parameters = invalidParameters('update')
  if (parameters) {
    const label = 'an update with parameters that the schema forbids'
    const sent = await call('update', { ...good, plan_id: undefined, parameters }, { label })
    const isRefused = sent.status >= 400 && sent.status < 500
    expect('UPD-13', isRefused, '400, as the parameters are not valid', statusText(sent), sent)
    if (isRefused) await expectUntouched(context, made, before, sent)
    else if (sent.status === 202) await context.poll(sent, made.target)
  } else skip('UPD-13', 'the plan has no schema for updates that refuses anything')
  await playMaintenance(context, made, before)
}

async function playMaintenance(context: SceneContext, made: Made, before: Sent | undefined): Promise<void> {
  const { call, skip, plan, poll } = context
  const version = plan.plan.maintenance_info?.version
  if (typeof version !== 'string') {
    for (const check of ['UPD-32', 'MNT-10']) skip(check, 'the plan has no maintenance_info')
    return
  }
  const bare = { ...context.goodCall('update', made.target), plan_id: undefined, parameters: undefined }
  const parameters = context.variedParameters('update', parametersOf(made))
  for (const wrong of otherVersions(version)) {
    const label = `an update to the maintenance version ${wrong}`
    const sent = await call('update', { ...bare, parameters, maintenance_info: { version: wrong } }, { label })
    expectCode(context, ['UPD-32', 'MNT-10'], sent, 'MaintenanceInfoConflict')
    if (sent.status === 202) await poll(sent, made.target)
    if (sent.status >= 400) await expectUntouched(context, made, before, sent)
  }
}

export const parametersOf = ({ call }: Made) => (call['parameters'] ?? {}) as Readonly<Record<string, unknown>>

export async function fetchOf({ call, plan }: SceneContext, { target }: Made): Promise<Sent | undefined> {
  if (!plan.traits.instancesRetrievable) return undefined
  const sent = await call('fetchInstance', { ...target }, { label: 'a fetch of the instance' })
  return isSuccess(sent) ? sent : undefined
}

export async function expectUntouched(
  context: SceneContext,
  made: Made,
  before: Sent | undefined,
  refused: Sent,
): Promise<void> {
  const after = before && (await fetchOf(context, made))
  if (!before || !after) {
    for (const check of ['UPD-35', 'ERR-13']) context.skip(check, 'the instance cannot be fetched')
    return
  }
  const [was, is] = [before, after].map((sent) => JSON.stringify(shownOf(sent)))
  for (const check of ['UPD-35', 'ERR-13'])
    context.expect(check, was === is, `as before: ${was}`, String(is), before, refused, after)
}
