import type { Scene } from '../scene.js'
import type { Made, SceneContext, Target } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { playMitigation } from './orphan-mitigation.js'

const keeps = 'probe:restart-keeps-state'
const ends = 'probe:restart-ends-operations'

/** How long a provision runs before the broker is restarted, if it is not answered before: steps, and their length. */
const headStart = { steps: 20, stepMs: 50 }

/** A broker that is restarted while an instance and a binding exist, and another instance is being made. */
export const probeRestart: Scene = {
  name: 'probe-restart',
  title: 'a restart of the broker',
  kind: 'probe',
  isAlone: true,
  instances: 2,
  checks: [keeps, ends],
  unfit: ({ canRestart }) => (canRestart ? undefined : 'nothing was given to restart the broker with'),
  async play(context) {
    const { call, goodCall, newId, plan, sleep, restart, skip, expect } = context
    const made = await context.instance()
    const bound = made && plan.traits.bindable ? await context.binding(made.target.instance_id) : undefined
    const target = { instance_id: newId() }
    const begun = call('provision', goodCall('provision', target), {
      label: 'a provision during which the broker is restarted',
    })
    let isAnswered = false
    const onAnswer = (): void => void (isAnswered = true)
    const answered = begun.then(onAnswer, onAnswer)
    for (let step = 0; step < headStart.steps && !isAnswered; step++)
      await Promise.race([answered, sleep(headStart.stepMs)])
    const back = await restart()
    const sent = await begun
    if (typeof back === 'string') {
      for (const check of [keeps, ends]) skip(check, `the broker could not be restarted: ${back}`)
      return
    }
    expect(keeps, isSuccess(back), 'a broker that answers again within a minute', statusText(back), back)
    if (!isSuccess(back)) return
    if (made) await playRepeats(context, [made, ...(bound ? [bound] : [])])
    else skip(keeps, 'there is no instance: the provision did not succeed')
    await playInterrupted(context, target, sent)
  },
}

/** What was made before is there: its repeat is answered as one, and a fetch finds it. */
async function playRepeats({ call, plan, expect }: SceneContext, all: readonly Made[]): Promise<void> {
  for (const made of all) {
    const { target } = made
    const isBinding = target.binding_id !== undefined
    const [create, fetch] = isBinding ? (['bind', 'fetchBinding'] as const) : (['provision', 'fetchInstance'] as const)
    const again = await call(create, made.call, { label: `the same ${create} after the restart` })
    expect(keeps, again.status === 200, '200, as it exists', statusText(again), made.created, again)
    if (!(isBinding ? plan.traits.bindingsRetrievable : plan.traits.instancesRetrievable)) continue
    const { service_id, plan_id } = plan
    const fetched = await call(fetch, { ...target, service_id, plan_id }, { label: 'a fetch after the restart' })
    expect(keeps, fetched.status === 200, '200, as it exists', statusText(fetched), made.created, fetched)
  }
}

/** What was being made is made, or has failed; either way it can be deleted. */
async function playInterrupted(context: SceneContext, target: Target, sent: Sent): Promise<void> {
  const { poll, expect } = context
  if (sent.status === 202) {
    const { state, last } = await poll(sent, target)
    const isOver = state === 'succeeded' || state === 'failed'
    expect(ends, isOver, 'an operation that goes on, or has failed', `${state} (${statusText(last)})`, sent, last)
  }
  await playMitigation(ends, context, target, sent)
}
