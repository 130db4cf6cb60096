import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { schemaOf } from '../parameters.js'
import { variedCall } from './varied-call.js'

const times = 10

/** The same and different calls at the same time. */
export const probeParallel: Scene = {
  name: 'probe-parallel',
  title: 'ten calls at the same time',
  kind: 'probe',
  instances: 2,
  checks: [
    'PROV-13',
    'PROV-19',
    'BIND-23',
    'DEP-13',
    'probe:parallel-provisions',
    'probe:parallel-conflicts',
    'probe:parallel-binds',
    'probe:parallel-deletes',
    'probe:defaults-filled-in',
  ],
  async play(context) {
    const target = { instance_id: context.newId() }
    if (await playSame(context, 'provision', target, 'PROV-13', 'probe:parallel-provisions')) {
      await playDefaults(context, target)
      await playBinds(context, target)
      await playDeletes(context, target)
    }
    await playConflicts(context)
  },
}

/** @returns whether there is one in the end */
async function playSame(
  context: SceneContext,
  operation: 'provision' | 'bind',
  target: Target,
  row: string,
  probe: string,
): Promise<boolean> {
  const { call, goodCall, expect } = context
  const given = goodCall(operation, target)
  const label = `one of ${times} identical calls at once`
  const all = await Promise.all(Array.from({ length: times }, () => call(operation, given, { label })))
  const made = all.filter(({ status }) => status === 201)
  const accepted = all.find(({ status }) => status === 202)
  const seen = made.length > 0 ? made : all.slice(0, 1)
  expect(row, made.length <= 1, '201 for one of them at most', `201 for ${made.length}`, ...seen.slice(0, 2))
  const faults = all.filter((sent) => !isSuccess(sent) && !isBusy(sent))
  const names = new Set(all.filter(({ status }) => status === 202).map((sent) => bodyOf(sent)['operation']))
  const isRight = faults.length === 0 && names.size <= 1 && made.length <= 1
  const found = `${countsOf(all)}${names.size > 1 ? `, ${names.size} operations` : ''}`
  expect(
    probe,
    isRight,
    'one that is made; 200, 202 or 422 ConcurrencyError for the others',
    found,
    ...faults.slice(0, 1),
    ...seen.slice(0, 1),
  )
  if (accepted) return (await context.poll(accepted, target)).state === 'succeeded'
  return all.some(isSuccess)
}

function isBusy(sent: Sent): boolean {
  return sent.status === 422 && bodyOf(sent)['error'] === 'ConcurrencyError'
}

/** `2 × 201, 8 × 409` */
function countsOf(all: readonly Sent[]): string {
  const counts = new Map<string, number>()
  for (const sent of all) counts.set(statusText(sent), (counts.get(statusText(sent)) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ')
}

async function playBinds(context: SceneContext, { instance_id }: Target): Promise<void> {
  if (!context.plan.traits.bindable) return context.skip('probe:parallel-binds', 'the plan is not bindable')
  const target = { instance_id, binding_id: context.newId() }
  await playSame(context, 'bind', target, 'BIND-23', 'probe:parallel-binds')
  const unbound = await context.call('unbind', context.goodCall('unbind', target))
  if (unbound.status === 202) await context.poll(unbound, target)
}

async function playDeletes(context: SceneContext, target: Target): Promise<void> {
  const { call, goodCall, expect } = context
  const given = goodCall('deprovision', target)
  const label = `one of ${times} deletes at once`
  const all = await Promise.all(Array.from({ length: times }, () => call('deprovision', given, { label })))
  const isRight = (sent: Sent) => [200, 202, 410].includes(sent.status) || isBusy(sent)
  const fault = all.find((sent) => !isRight(sent))
  for (const check of ['DEP-13', 'probe:parallel-deletes'])
    expect(
      check,
      !fault,
      '200, 202, 410 or 422 ConcurrencyError for each',
      countsOf(all),
      ...(fault ? [fault] : all.slice(0, 1)),
    )
  const accepted = all.find(({ status }) => status === 202)
  if (accepted) await context.poll(accepted, target)
}

/** Two provisions of one id that differ; the second may be a repeat of none. */
async function playConflicts(context: SceneContext): Promise<void> {
  const { call, newId, expect, skip, conflictingParameters } = context
  const target = { instance_id: newId() }
  const one = variedCall(context, 'provision', target)
  const parameters = conflictingParameters('provision', one)
  if (!parameters) {
    for (const check of ['PROV-19', 'probe:parallel-conflicts'])
      skip(check, 'the plan has no schema with two choices of a parameter of provisions')
    return
  }
  const label = 'one of two different provisions of an id at once'
  const all = await Promise.all([one, { ...one, parameters }].map((given) => call('provision', given, { label })))
  const taken = all.filter(isSuccess)
  for (const check of ['PROV-19', 'probe:parallel-conflicts'])
    expect(check, taken.length <= 1, 'one of them taken at most', countsOf(all), ...all)
  const accepted = taken.find(({ status }) => status === 202)
  if (accepted) await context.poll(accepted, target)
}

async function playDefaults({ call, goodCall, plan, expect, skip }: SceneContext, target: Target): Promise<void> {
  const properties = (schemaOf(plan, 'provision')?.['properties'] ?? {}) as Record<string, { default?: unknown }>
  const defaults = Object.entries(properties).filter(([, property]) => property.default !== undefined)
  if (defaults.length === 0) return skip('probe:defaults-filled-in', 'the schema of provisions has no defaults')
  const given = goodCall('provision', target)
  const filled = Object.fromEntries(defaults.map(([name, property]) => [name, property.default]))
  const parameters = { ...filled, ...(given['parameters'] as object | undefined) }
  const sent = await call('provision', { ...given, parameters }, { label: 'a repeat with the defaults filled in' })
  expect('probe:defaults-filled-in', sent.status === 200, '200', statusText(sent), sent)
}
