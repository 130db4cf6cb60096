import { goneMeanwhile, removeInstance } from './create-instance.js'
import { isFailureOfBroker } from './failures.js'
import { bindingsOf, brokerOf, findInstance } from './find.js'
import {
  abandon,
  accept,
  assertFree,
  assertIdle,
  beginning,
  instanceIn,
  isWaitedFor,
  type OperationOptions,
  pendingOf,
} from './operations.js'
import type { LastOperationRecord, ManagedInstance } from './state.js'
import { unbind } from './unbind.js'
import { failOperation } from './update-instance.js'
import type { World } from './world.js'

/** Deletes an instance, its bindings first; see {@link Platform.deleteInstance}. */
export async function deleteInstance(world: World, name: string, options: OperationOptions): Promise<void> {
  const begun = beginning(world, 'delete')
  const instance = await world.file.change((state) => {
    const found = findInstance(state, name)
    assertIdle(state, found)
    if (found.type !== 'managed') return removeInstance(state, found.guid)
    // From now on nobody binds it.
    found.last_operation = begun
    return structuredClone(found)
  })
  if (instance) await removeMarked(world, instance, begun, options)
}

/**
 * Deletes a managed instance and its bindings, whatever was under way: what a run had ordered, or a crash left. A repeat
 * does no harm.
 * @throws {PlatformError} `IN_PROGRESS` while a living process waits for an operation on it
 */
export async function removeManaged(
  world: World,
  { guid, name }: ManagedInstance,
  options: OperationOptions,
): Promise<void> {
  const begun = beginning(world, 'delete')
  const instance = await world.file.change((state) => {
    const found = instanceIn(state, guid)
    if (found?.type !== 'managed') throw goneMeanwhile(name)
    if (isWaitedFor(found.last_operation)) assertFree(name, found.last_operation, '')
    found.last_operation = begun
    return structuredClone(found)
  })
  await removeMarked(world, instance, begun, options)
}

async function removeMarked(
  world: World,
  instance: ManagedInstance,
  begun: LastOperationRecord,
  options: OperationOptions,
): Promise<void> {
  try {
    for (const { guid } of bindingsOf(world.file.read(), instance))
      await unbind(world, guid, { ...options, wait: true })
    if (!(await deprovision(world, instance, begun, options))) return
  } catch (error) {
    const { guid } = instance
    await (isFailureOfBroker(error) ? failOperation(world, guid, begun, error) : abandon(world, guid))
    throw error
  }
  await world.file.change((state) => removeInstance(state, instance.guid))
}

/** Whether it is gone by now. */
async function deprovision(
  world: World,
  instance: ManagedInstance,
  begun: LastOperationRecord,
  options: OperationOptions,
): Promise<boolean> {
  const { guid: instance_id, service_id, plan_id } = instance
  const { signal, onProgress } = options
  const state = world.file.read()
  const details = { originatingIdentity: (await world.requests()).identity(state), signal }
  const client = await world.client(brokerOf(state, instance))
  const answer = await client.deprovision({ instance_id, service_id, plan_id, accepts_incomplete: true }, details)
  if (answer.outcome !== 'accepted') return true
  await world.file.change((changing) => accept(instanceIn(changing, instance_id), answer.body.operation, options))
  if (options.wait === false) return false
  await client.awaitOperation({ ...pendingOf(instance, begun), accepted: answer }, { ...details, onProgress })
  return true
}
