import type { SceneContext, Target } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { expectCode } from './refusal.js'

/** What provisions with wrong values may be found wrong in. */
export const wrongValueChecks = ['ERR-08', 'ERR-13', 'MNT-07', 'PROV-11', 'PROV-22'] as const

/** Provisions that have to be refused for one value; a good one has been taken before. */
export async function playWrongValues(context: SceneContext): Promise<void> {
  await playParameters(context)
  await playMaintenance(context)
}

async function playParameters(context: SceneContext): Promise<void> {
  const { call, newId, goodCall, invalidParameters, expect, skip } = context
  const parameters = invalidParameters('provision')
  if (!parameters) return skip('PROV-11', 'the plan has no schema for provisions that refuses anything')
  const target = { instance_id: newId() }
  const label = 'a provision with parameters that the schema forbids'
  const sent = await call('provision', { ...goodCall('provision', target), parameters }, { label })
  const isRefused = sent.status >= 400 && sent.status < 500
  expect('PROV-11', isRefused, '400, as the parameters are not valid', statusText(sent), sent)
  if (isRefused) await expectNothing(context, sent, target)
}

/** What was refused has made nothing. */
async function expectNothing(context: SceneContext, refused: Sent, target: Target): Promise<void> {
  const { call, goodCall, plan, expect } = context
  const after = plan.traits.instancesRetrievable
    ? await call('fetchInstance', { ...target }, { label: 'a fetch of what was refused' })
    : await call('deprovision', goodCall('deprovision', target), { label: 'a delete of what was refused' })
  const found = isSuccess(after) ? 'there is one' : 'none'
  expect('ERR-13', !isSuccess(after), 'no instance after the refusal', found, refused, after)
}

async function playMaintenance(context: SceneContext): Promise<void> {
  const { call, newId, goodCall, plan, skip } = context
  const version = plan.plan.maintenance_info?.version
  if (typeof version !== 'string') {
    for (const check of ['PROV-22', 'MNT-07']) skip(check, 'the plan has no maintenance_info')
    return
  }
  for (const wrong of otherVersions(version)) {
    const good = goodCall('provision', { instance_id: newId() })
    const label = `a provision with the maintenance version ${wrong}`
    const sent = await call('provision', { ...good, maintenance_info: { version: wrong } }, { label })
    expectCode(context, ['PROV-22', 'MNT-07'], sent, 'MaintenanceInfoConflict')
  }
}

/** Versions that are not the plan's: one by far, and one that differs in its build metadata only (T39). */
export function otherVersions(version: string): readonly string[] {
  return ['0.0.0-osb-check', `${version.split('+', 1)[0] ?? ''}+osb-check`].filter((other) => other !== version)
}
