import type { SceneContext, Target } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { unknownMembers } from './refusal.js'

export const strangeBindChecks = ['EXT-03', 'EXT-04', 'GEN-07'] as const

/**
 * A bind with members that the broker cannot know; without them where it is refused for that.
 * @returns the binding and the answer that it was made with, where it was
 */
export async function bindStrangely(
  context: SceneContext,
  instance_id: string,
): Promise<{ readonly target: Target; readonly created: Sent } | undefined> {
  const { goodCall, newId, call, expect, poll } = context
  const target = { instance_id, binding_id: newId() }
  const good = goodCall('bind', target)
  const [place, resource] = [good['context'], good['bind_resource']].map((known) => ({
    ...(known as object),
    ...unknownMembers,
  }))
  const strange = { ...good, ...unknownMembers, context: place, bind_resource: resource }
  const query = [...(good['accepts_incomplete'] === true ? ['accepts_incomplete=true'] : []), 'osb-check-unknown=1']
  const changes = { label: 'a bind with unknown members', rawQuery: query.join('&') }
  const first = await call('bind', strange, changes)
  const created = isSuccess(first) ? first : await call('bind', good)
  if (!isSuccess(created)) return undefined
  // What is refused with and without them was not refused for them.
  for (const check of strangeBindChecks)
    expect(check, isSuccess(first), '201 or 202, as what is unknown is ignored', statusText(first), first)
  if (created.status === 202 && (await poll(created, target)).state !== 'succeeded') return undefined
  return { target, created }
}
