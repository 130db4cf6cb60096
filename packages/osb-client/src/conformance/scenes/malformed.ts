import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { variedProvision } from './provision.js'
import { expectCode, expectRefusal, refusalChecks } from './refusal.js'

/** Provisions that have to be refused, and questions about what does not exist; nothing is made. */
export const malformed: Scene = {
  name: 'malformed-provisions',
  title: 'provisions that are to be refused, and what does not exist',
  kind: 'plan',
  instances: 0,
  checks: [
    ...refusalChecks,
    'CT-03',
    'ERR-08',
    'ERR-13',
    'PROV-11',
    'PROV-17',
    'PROV-22',
    'MNT-07',
    'LOI-09',
    'LOI-11',
    'LOI-12',
    'GETI-09',
    'DEP-16',
  ],
  async play(context) {
    await playMissing(context)
    await playBodies(context)
    await playParameters(context)
    await playMaintenance(context)
    await playUnknown(context)
  },
}

async function playMissing(context: SceneContext): Promise<void> {
  const { call, newId } = context
  for (const member of ['service_id', 'plan_id']) {
    const good = variedProvision(context, { instance_id: newId() })
    const sent = await call('provision', { ...good, [member]: undefined }, { label: `a provision without ${member}` })
    expectRefusal(context, 'PROV-17', sent, 400)
  }
}

async function playBodies(context: SceneContext): Promise<void> {
  const { call, newId, goodCall } = context
  const bodies = { 'a body that is no JSON': '{"service_id": ', 'a body that is an array': '[]' }
  for (const [label, rawBody] of Object.entries(bodies)) {
    const good = goodCall('provision', { instance_id: newId() })
    const sent = await call('provision', good, { label: `a provision with ${label}`, rawBody })
    expectRefusal(context, 'PROV-17', sent, 400)
    context.expectStatus('CT-03', sent, 400)
  }
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

async function playUnknown(context: SceneContext): Promise<void> {
  const { call, newId, goodCall, plan, expect } = context
  const { service_id, plan_id, traits } = plan
  const target = { instance_id: newId() }
  const ids = { ...target, service_id, plan_id }
  const polled = await call('lastInstanceOperation', ids, { label: 'a poll of an instance that never was' })
  expectRefusal(context, 'LOI-11', polled, 404)
  expect('LOI-12', polled.status !== 410, 'no 410 unless a delete is polled', statusText(polled), polled)
  const changes = { label: 'a poll with an empty operation', rawQuery: 'operation=' }
  const empty = await call('lastInstanceOperation', ids, changes)
  // What an empty name is, the text leaves open (A12); but it is nothing that the broker may break over.
  const isRefused = empty.status >= 400 && empty.status < 500
  expect('LOI-09', isRefused, '400, or 404 as there is no such instance', statusText(empty), empty)
  if (traits.instancesRetrievable) {
    const fetched = await call('fetchInstance', ids, { label: 'a fetch of an instance that never was' })
    expectRefusal(context, 'GETI-09', fetched, 404)
  } else context.skip('GETI-09', 'the offering does not say instances_retrievable')
  const label = 'a delete of an instance that never was'
  const deleted = await call('deprovision', goodCall('deprovision', target), { label })
  expectRefusal(context, 'DEP-16', deleted, 410)
}
