import type { Created } from './created.js'
import type { Leftover } from './result.js'
import type { SceneContext, Target } from './scene-context.js'
import { type Sent, statusText } from './sent.js'

const attempts = 3

/** Deletes all that a scene has asked for, bindings first. @returns what could not be deleted */
export async function cleanUp(context: SceneContext, created: Created): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = []
  for (const target of created.all()) {
    const reason = await deleteOne(context, target)
    if (reason !== undefined) leftovers.push({ ...target, reason })
  }
  return leftovers
}

/** Waits for the end of what a broker is still making, and refuses to delete for it. */
export async function waitUntilIdle({ poll }: Pick<SceneContext, 'poll'>, busy: Sent, target: Target): Promise<void> {
  await poll({ ...busy, operation: target.binding_id === undefined ? 'provision' : 'bind' }, target)
}

/** @returns why it is still there, if it is */
async function deleteOne(
  { call, poll, sleep }: SceneContext,
  target: ReturnType<Created['all']>[number],
): Promise<string | undefined> {
  const operation = target.binding_id === undefined ? 'deprovision' : 'unbind'
  let reason = ''
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const sent = await call(operation, { ...target, accepts_incomplete: true }, { label: 'clean-up' })
    // A broker that says 404 in place of 410 is found fault with elsewhere; there is nothing to delete.
    if (sent.status === 200 || sent.status === 410 || sent.status === 404) return undefined
    if (sent.status === 202) {
      const { state, last } = await poll(sent, target)
      if (state === 'succeeded' || state === 'gone') return undefined
      reason = `the delete ended as ${state} (${statusText(last)})`
    } else reason = `the delete was answered with ${statusText(sent)}`
    if (sent.status === 422) await waitUntilIdle({ poll }, sent, target)
    await sleep(attempt * 200)
  }
  return reason
}
