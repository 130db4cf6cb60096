import { waitUntilIdle } from '../clean-up.js'
import type { CutPoint } from '../cut-request.js'
import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { type Sent, statusText } from '../sent.js'

/** When to hang up, in milliseconds after the request was begun. */
const moments = [1, 20]
/** Where to hang up, of provisions and of binds. */
const provisionPoints: readonly CutPoint[] = [
  'in the request line',
  'in the headers',
  'in the body',
  'before the last byte',
  'before the answer',
  'in the answer',
]
const bindPoints: readonly CutPoint[] = ['in the body', 'before the answer', 'in the answer']
const attempts = 5
const pauseMs = 100

const check = 'probe:cut-connection'

/** A platform that hangs up during a provision or a bind, and then cleans up. */
export const probeCut: Scene = {
  name: 'probe-cut',
  title: 'a platform that hangs up, and then deletes what may have been made',
  kind: 'probe',
  // Those for the moments and points, and one for the binds.
  instances: moments.length + provisionPoints.length + 1,
  checks: [check],
  async play(context) {
    const { call, cut, goodCall, newId, plan } = context
    for (const moment of moments) {
      const target = { instance_id: newId() }
      const label = `a provision that is hung up on after ${moment} ms`
      await playMitigation(
        context,
        target,
        await call('provision', goodCall('provision', target), { label, timeoutMs: moment }),
      )
    }
    for (const point of provisionPoints) {
      const target = { instance_id: newId() }
      const sent = await cut('provision', goodCall('provision', target), point)
      if (!sent) return
      await playMitigation(context, target, sent)
    }
    const instance = plan.traits.bindable ? await context.instance() : undefined
    for (const point of instance ? bindPoints : []) {
      const target = { ...(instance as { target: Target }).target, binding_id: newId() }
      const sent = await cut('bind', goodCall('bind', target), point)
      if (sent) await playMitigation(context, target, sent)
    }
  },
}

async function playMitigation(context: SceneContext, target: Target, cut: Sent): Promise<void> {
  const { call, goodCall, sleep, expect, plan } = context
  const isBinding = target.binding_id !== undefined
  const remove = isBinding ? 'unbind' : 'deprovision'
  // What was under way when the platform hung up may still come in, and end.
  await sleep(pauseMs)
  const status = await mitigate(context, target)
  const isDeleted = status === '200' || status === '410' || status === 'succeeded'
  expect(check, isDeleted, 'a delete that ends well', status, cut)
  if (!isDeleted) return
  await sleep(pauseMs)
  // Where there was nothing yet, what came in since is deleted now.
  if (status === '410') await mitigate(context, target)
  const again = await call(remove, goodCall(remove, target), { label: 'one more delete' })
  expect(check, again.status === 410, '410, as nothing is left', statusText(again), cut, again)
  if (again.status === 202) await context.poll(again, target)
  const { instancesRetrievable, bindingsRetrievable } = plan.traits
  if (!(isBinding ? bindingsRetrievable : instancesRetrievable)) return
  const { service_id, plan_id } = plan
  const fetch = isBinding ? 'fetchBinding' : 'fetchInstance'
  const fetched = await call(fetch, { ...target, service_id, plan_id }, { label: 'a fetch after the delete' })
  expect(check, fetched.status === 404, '404, as nothing is left', statusText(fetched), cut, fetched)
}

/** Deletes as a platform does: again, as long as the broker is busy. @returns how it ended */
async function mitigate({ call, goodCall, poll, sleep }: SceneContext, target: Target): Promise<string> {
  const remove = target.binding_id === undefined ? 'deprovision' : 'unbind'
  let last = ''
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const sent = await call(remove, goodCall(remove, target), { label: 'orphan mitigation: a delete' })
    if (sent.status === 202) {
      const { state } = await poll(sent, target)
      return state === 'gone' ? 'succeeded' : state
    }
    last = statusText(sent)
    if (sent.status !== 422) return last
    await waitUntilIdle({ poll }, sent, target)
    await sleep(attempt * pauseMs)
  }
  return last
}
