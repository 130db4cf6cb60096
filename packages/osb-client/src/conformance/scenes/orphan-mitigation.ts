import { waitUntilIdle } from '../clean-up.js'
import type { SceneContext, Target } from '../scene-context.js'
import { type Sent, statusText } from '../sent.js'

const attempts = 5
const pauseMs = 100

/**
 * Deletes what may have been made by a call that was not answered, as a platform does, and asserts that nothing is left.
 * @param check what fails where something is
 * @param lost the call
 */
export async function playMitigation(check: string, context: SceneContext, target: Target, lost: Sent): Promise<void> {
  const { call, goodCall, sleep, expect, plan } = context
  const isBinding = target.binding_id !== undefined
  const remove = isBinding ? 'unbind' : 'deprovision'
  // What was under way when the platform hung up may still come in, and end.
  await sleep(pauseMs)
  const { status, seen } = await mitigate(context, target)
  const isDeleted = status === '200' || status === '410' || status === 'succeeded'
  expect(check, isDeleted, 'a delete that ends well', status, lost, seen)
  if (!isDeleted) return
  await sleep(pauseMs)
  // Where there was nothing yet, what came in since is deleted now.
  if (status === '410') await mitigate(context, target)
  const again = await call(remove, goodCall(remove, target), { label: 'one more delete' })
  expect(check, again.status === 410, '410, as nothing is left', statusText(again), lost, again)
  if (again.status === 202) await context.poll(again, target)
  const { instancesRetrievable, bindingsRetrievable } = plan.traits
  if (!(isBinding ? bindingsRetrievable : instancesRetrievable)) return
  const { service_id, plan_id } = plan
  const fetch = isBinding ? 'fetchBinding' : 'fetchInstance'
  const fetched = await call(fetch, { ...target, service_id, plan_id }, { label: 'a fetch after the delete' })
  expect(check, fetched.status === 404, '404, as nothing is left', statusText(fetched), lost, fetched)
}

interface Mitigated {
  /** Of the answer, or the state in which the delete ended. */
  readonly status: string
  readonly seen: Sent
}

/** Deletes as a platform does: again, as long as the broker is busy. @returns how it ended, and what showed it */
async function mitigate({ call, goodCall, poll, sleep }: SceneContext, target: Target): Promise<Mitigated> {
  const remove = target.binding_id === undefined ? 'deprovision' : 'unbind'
  for (let attempt = 1; ; attempt++) {
    const sent = await call(remove, goodCall(remove, target), { label: 'orphan mitigation: a delete' })
    if (sent.status === 202) {
      const { state, last } = await poll(sent, target)
      return { status: state === 'gone' ? 'succeeded' : state, seen: last }
    }
    if (sent.status !== 422 || attempt >= attempts) return { status: statusText(sent), seen: sent }
    await waitUntilIdle({ poll }, sent, target)
    await sleep(attempt * pauseMs)
  }
}
