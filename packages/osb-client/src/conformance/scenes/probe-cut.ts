import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { statusText } from '../sent.js'

/** When to hang up, in milliseconds after the request was begun. */
const moments = [1, 20]
const attempts = 5
const pauseMs = 100

const check = 'probe:cut-connection'

/** A platform that hangs up during a provision, and then cleans up. */
export const probeCut: Scene = {
  name: 'probe-cut',
  title: 'a platform that hangs up, and then deletes what may have been made',
  kind: 'probe',
  instances: moments.length,
  checks: [check],
  async play(context) {
    for (const moment of moments) await playCut(context, moment)
  },
}

async function playCut(context: SceneContext, moment: number): Promise<void> {
  const { call, goodCall, newId, sleep, expect, plan } = context
  const target = { instance_id: newId() }
  const label = `a provision that is hung up on after ${moment} ms`
  const cut = await call('provision', goodCall('provision', target), { label, timeoutMs: moment })
  const status = await mitigate(context, target)
  const isDeleted = status === '200' || status === '410' || status === 'succeeded'
  expect(check, isDeleted, 'a delete that ends well', status, cut)
  if (!isDeleted) return
  // What was under way when the platform hung up may still end.
  await sleep(pauseMs)
  const again = await call('deprovision', goodCall('deprovision', target), { label: 'one more delete' })
  expect(check, again.status === 410, '410, as nothing is left', statusText(again), cut, again)
  if (again.status === 202) await context.poll(again, target)
  if (!plan.traits.instancesRetrievable) return
  const { service_id, plan_id } = plan
  const fetched = await call('fetchInstance', { ...target, service_id, plan_id }, { label: 'a fetch after the delete' })
  expect(check, fetched.status === 404, '404, as nothing is left', statusText(fetched), cut, fetched)
}

/** Deletes as a platform does: again, as long as the broker is busy. @returns how it ended */
async function mitigate({ call, goodCall, poll, sleep }: SceneContext, target: Target): Promise<string> {
  let last = ''
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const sent = await call('deprovision', goodCall('deprovision', target), { label: 'orphan mitigation: a delete' })
    if (sent.status === 202) {
      const { state } = await poll(sent, target)
      return state === 'gone' ? 'succeeded' : state
    }
    last = statusText(sent)
    if (sent.status !== 422) return last
    await sleep(attempt * pauseMs)
  }
  return last
}
