import { removeChecked } from './checks.js'
import type { Attempt, CleanUpStep } from './clean-up-step.js'
import { hasEnded } from './process-mark.js'
import { removeManaged } from './delete-instance.js'
import { instanceIn, isAbandoned, type OperationOptions } from './operations.js'
import { isPlatformError } from './platform-error.js'
import { isFailureOfBroker } from './failures.js'
import { acceptedIn, finishAccepted, forgetUpdate } from './refresh.js'
import { dropRun } from './runs.js'
import type { PlatformState } from './state.js'
import { unbind } from './unbind.js'
import type { World } from './world.js'

/** Finishes what a crash left; see {@link Platform.cleanUp}. */
export async function cleanUp(world: World, options: OperationOptions): Promise<readonly CleanUpStep[]> {
  const steps: CleanUpStep[] = []
  const attempt = async (step: Omit<CleanUpStep, 'error'>, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
      steps.push(step)
    } catch (error) {
      if (!isPlatformError(error) && !isFailureOfBroker(error)) throw error
      steps.push({ ...step, outcome: 'failed', error })
    }
  }
  world.file.sweep()
  await removeChecked(world, options, attempt)
  await removeRuns(world, options, attempt)
  await removeLeftBindings(world, options, attempt)
  await removeLeftInstances(world, options, attempt)
  for (const about of acceptedIn(world.file.read())) {
    const { instance, binding } = about
    const step = {
      kind: binding ? 'binding' : 'instance',
      guid: (binding ?? instance).guid,
      name: instance.name,
    } as const
    await attempt({ ...step, outcome: 'finished' }, () => finishAccepted(world, about, options))
  }
  return steps
}

/** What runs have made that ended without taking it away. */
async function removeRuns(world: World, options: OperationOptions, attempt: Attempt): Promise<void> {
  const state = world.file.read()
  const over = state.runs.filter((run) => run.isOver || hasEnded(run.process)).map(({ guid }) => guid)
  const isOver = (guid: string | undefined): boolean => guid !== undefined && over.includes(guid)
  for (const { guid, instance_guid } of state.bindings.filter(({ run_guid }) => isOver(run_guid)))
    await attempt(stepOf(state, 'binding', guid, instance_guid, 'removed'), () => unbind(world, guid, options))
  for (const instance of state.instances.filter((each) => each.type === 'managed'))
    if (isOver(instance.run_guid))
      await attempt(stepOf(state, 'instance', instance.guid, instance.guid, 'removed'), () =>
        removeManaged(world, instance, options),
      )
  await world.file.change((changing) => {
    const left = [...changing.instances, ...changing.bindings]
    // What could not be taken away now is for the next clean-up.
    for (const guid of over)
      if (!left.some((each) => 'run_guid' in each && each.run_guid === guid)) dropRun(changing, guid)
  })
}

/** Bindings whose create nobody knows the end of, or left something behind, and those that were to go. */
async function removeLeftBindings(world: World, options: OperationOptions, attempt: Attempt): Promise<void> {
  const state = world.file.read()
  for (const { guid, instance_guid, last_operation } of state.bindings)
    if (
      last_operation.orphan ||
      (isAbandoned(last_operation) && (last_operation.type === 'delete' || !last_operation.accepted))
    )
      await attempt(stepOf(state, 'binding', guid, instance_guid, 'removed'), () => unbind(world, guid, options))
}

/** Instances whose create nobody knows the end of, or left something behind, those that were to go, and updates without an answer. */
async function removeLeftInstances(world: World, options: OperationOptions, attempt: Attempt): Promise<void> {
  const state = world.file.read()
  for (const instance of state.instances) {
    const { type, accepted, orphan } = instance.last_operation
    if (instance.type !== 'managed' || !(orphan || isAbandoned(instance.last_operation))) continue
    const step = stepOf(state, 'instance', instance.guid, instance.guid, type === 'update' ? 'finished' : 'removed')
    if (type === 'update' && !accepted) await attempt(step, () => forgetUpdate(world, instance.guid))
    else if (type === 'delete' || !accepted) await attempt(step, () => removeManaged(world, instance, options))
  }
}

function stepOf(
  state: PlatformState,
  kind: CleanUpStep['kind'],
  guid: string,
  instance_guid: string,
  outcome: 'finished' | 'removed',
): Omit<CleanUpStep, 'error'> {
  return { kind, guid, name: instanceIn(state, instance_guid)?.name ?? instance_guid, outcome }
}
