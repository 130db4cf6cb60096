import type { Scene } from '../scene.js'
import type { SceneContext } from '../scene-context.js'
import { statusText } from '../sent.js'
import { expectRefusal, refusalChecks } from './refusal.js'
import { variedCall } from './varied-call.js'

/** Provisions that have to be refused, and questions about what does not exist; nothing is made. */
export const malformed: Scene = {
  name: 'malformed-provisions',
  title: 'provisions that are to be refused, and what does not exist',
  kind: 'plan',
  instances: 0,
  checks: [...refusalChecks, 'CT-03', 'PROV-17', 'LOI-09', 'LOI-11', 'LOI-12', 'GETI-09', 'DEP-16'],
  async play(context) {
    await playMissing(context)
    await playBodies(context)
    await playUnknown(context)
  },
}

async function playMissing(context: SceneContext): Promise<void> {
  const { call, newId } = context
  for (const member of ['service_id', 'plan_id']) {
    const good = variedCall(context, 'provision', { instance_id: newId() })
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
