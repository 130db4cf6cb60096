import type { SceneContext, Target } from '../scene-context.js'
import { isSuccess, statusText } from '../sent.js'

export const elsewhereChecks = ['GETB-08', 'UNB-17'] as const

/** A binding is one of its instance: by way of another there is none of its id, neither to fetch nor to delete. */
export async function playElsewhere(context: SceneContext, { binding_id }: Target): Promise<void> {
  const { call, goodCall, newId, plan, expect, poll } = context
  const stray = { instance_id: newId(), binding_id }
  if (plan.traits.bindingsRetrievable) {
    const { service_id, plan_id } = plan
    const label = 'a fetch of a binding by way of an instance that is not its'
    const fetched = await call('fetchBinding', { ...stray, service_id, plan_id }, { label })
    expect('GETB-08', !isSuccess(fetched), '404, as that has no such binding', statusText(fetched), fetched)
  }
  const label = 'an unbind by way of an instance that is not its'
  const deleted = await call('unbind', goodCall('unbind', stray), { label })
  expect('UNB-17', !isSuccess(deleted), '410, as that has no such binding', statusText(deleted), deleted)
  if (deleted.status === 202) await poll(deleted, stray)
}
