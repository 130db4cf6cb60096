import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'

const check = 'probe:operation-ignored'

/** Polls of an operation that has ended, while another one runs: they must not be told the state of that. */
export const probeOldPolls: Scene = {
  name: 'probe-old-polls',
  title: 'polls of an operation that has ended, while another one runs',
  kind: 'probe',
  instances: 1,
  checks: [check],
  async play(context) {
    const { plan, binding, call, goodCall, poll, skip } = context
    const made = await context.instance()
    if (!made) return skip(check, 'there is no instance: the provision did not succeed')
    if (plan.traits.bindable) {
      const bound = await binding(made.target.instance_id)
      if (bound) {
        const unbound = await call('unbind', goodCall('unbind', bound.target))
        await playOld(context, bound.created, unbound, bound.target)
        if (unbound.status === 202) await poll(unbound, bound.target)
      }
    }
    const deleted = await call('deprovision', goodCall('deprovision', made.target))
    await playOld(context, made.created, deleted, made.target)
    if (deleted.status === 202) await poll(deleted, made.target)
  },
}

/** Polls what made it while it is deleted. */
async function playOld(context: SceneContext, made: Sent, deleted: Sent, target: Target): Promise<void> {
  const { call, plan, expect, skip } = context
  const [operation, newer] = [made, deleted].map((sent) =>
    sent.status === 202 ? bodyOf(sent)['operation'] : undefined,
  )
  if (typeof operation !== 'string' || typeof newer !== 'string')
    return skip(check, 'the operations of the broker have no names, or are over at once')
  const { service_id, plan_id } = plan
  const asked = target.binding_id === undefined ? 'lastInstanceOperation' : 'lastBindingOperation'
  const ids = { ...target, service_id, plan_id, operation }
  const sent = await call(asked, ids, { label: 'a poll of the create, which has ended, while the delete runs' })
  const { state } = bodyOf(sent)
  const isOld = !isSuccess(sent) || state === 'succeeded'
  const found = isSuccess(sent) ? `${statusText(sent)}, ${String(state)}` : statusText(sent)
  expect(check, isOld, 'succeeded, as the create has, or 4xx', found, deleted, sent)
}
