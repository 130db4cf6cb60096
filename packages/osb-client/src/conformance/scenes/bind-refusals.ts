import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, statusText } from '../sent.js'
import { expectRefusal, refusalChecks } from './refusal.js'

export const bindRefusalChecks = [...refusalChecks, 'BIND-16', 'BIND-28', 'BIND-31', 'CT-03', 'ERR-13'] as const

/** Binds that have to be refused: what is missing, what is no JSON, parameters that the schema forbids, no app. */
export async function playBindRefusals(context: SceneContext, instance_id: string): Promise<void> {
  const { newId } = context
  const fresh = (): Target => ({ instance_id, binding_id: newId() })
  for (const member of ['service_id', 'plan_id']) {
    const given = { ...context.goodCall('bind', fresh()), [member]: undefined }
    expectRefusal(context, 'BIND-28', await context.call('bind', given, { label: `a bind without ${member}` }), 400)
  }
  const changes = { label: 'a bind with a body that is no JSON', rawBody: '{"service_id": ' }
  const broken = await context.call('bind', context.goodCall('bind', fresh()), changes)
  expectRefusal(context, 'BIND-28', broken, 400)
  context.expectStatus('CT-03', broken, 400)
  await playParameters(context, fresh())
  await playNoApp(context, fresh())
}

async function playParameters(context: SceneContext, target: Target): Promise<void> {
  const { call, goodCall, invalidParameters, expect, skip, plan } = context
  const parameters = invalidParameters('bind')
  if (!parameters) return skip('BIND-16', 'the plan has no schema for binds that refuses anything')
  const label = 'a bind with parameters that the schema forbids'
  const sent = await call('bind', { ...goodCall('bind', target), parameters }, { label })
  const isRefused = sent.status >= 400 && sent.status < 500
  expect('BIND-16', isRefused, '400, as the parameters are not valid', statusText(sent), sent)
  if (!isRefused) return
  const after = plan.traits.bindingsRetrievable
    ? await call('fetchBinding', { ...target }, { label: 'a fetch of the binding that was refused' })
    : await call('unbind', goodCall('unbind', target), { label: 'an unbind of what was refused' })
  const found = isSuccess(after) ? 'there is one' : 'none'
  expect('ERR-13', !isSuccess(after), 'no binding after the refusal', found, sent, after)
}

/** Whether an app is needed only the broker knows; when it says so, it has to say it in the right way. */
async function playNoApp(context: SceneContext, target: Target): Promise<void> {
  const { call, goodCall, expect, skip } = context
  const good = goodCall('bind', target)
  const { app_guid: _app, ...bind_resource } = good['bind_resource'] as Record<string, unknown>
  const given = { ...good, app_guid: undefined, bind_resource }
  const sent = await call('bind', given, { label: 'a bind without an app' })
  const { error } = bodyOf(sent)
  if (isSuccess(sent) || error === 'AsyncRequired') {
    if (sent.status === 202) await context.poll(sent, target)
    return skip('BIND-31', 'the service does not need an app')
  }
  const code = error === undefined ? 'no error code' : JSON.stringify(error)
  const isRight = sent.status === 422 && error === 'RequiresApp'
  expect('BIND-31', isRight, '422 with the error "RequiresApp"', `${statusText(sent)} with ${code}`, sent)
}

export const unknownBindingChecks = [...refusalChecks, 'GETB-08', 'LOB-11', 'LOB-13', 'LOB-14', 'UNB-17'] as const

/** Questions about a binding that never was. */
export async function playUnknownBinding(context: SceneContext, instance_id: string): Promise<void> {
  const { call, goodCall, newId, plan, expect, skip } = context
  const target = { instance_id, binding_id: newId() }
  const { service_id, plan_id } = plan
  const ids = { ...target, service_id, plan_id }
  const polled = await call('lastBindingOperation', ids, { label: 'a poll of a binding that never was' })
  expectRefusal(context, 'LOB-13', polled, 404)
  expect('LOB-14', polled.status !== 410, 'no 410 unless a delete is polled', statusText(polled), polled)
  const changes = { label: 'a poll with an empty operation', rawQuery: 'operation=' }
  const empty = await call('lastBindingOperation', ids, changes)
  const isRefused = empty.status >= 400 && empty.status < 500
  expect('LOB-11', isRefused, '400, or 404 as there is no such binding', statusText(empty), empty)
  if (plan.traits.bindingsRetrievable) {
    const fetched = await call('fetchBinding', ids, { label: 'a fetch of a binding that never was' })
    expectRefusal(context, 'GETB-08', fetched, 404)
  } else skip('GETB-08', 'the offering does not say bindings_retrievable')
  const label = 'an unbind of a binding that never was'
  expectRefusal(context, 'UNB-17', await call('unbind', goodCall('unbind', target), { label }), 410)
}
