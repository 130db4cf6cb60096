import { removeInstance } from './create-instance.js'
import { isFailureOfBroker } from './failures.js'
import { bindingsOf, brokerOf, findInstance } from './find.js'
import { abandon, accept, assertIdle, beginning, instanceIn, type OperationOptions, pendingOf } from './operations.js'
import type { ManagedInstance } from './state.js'
import { unbind } from './unbind.js'
import { failOperation } from './update-instance.js'
import type { World } from './world.js'

/** Deletes an instance, its bindings first; see {@link Platform.deleteInstance}. */
export async function deleteInstance(world: World, name: string, options: OperationOptions): Promise<void> {
  const state = world.file.read()
  const instance = findInstance(state, name)
  assertIdle(state, instance)
  await removeBindings(world, instance.guid, options)
  if (instance.type === 'managed') return deprovision(world, instance, options)
  await world.file.change((changing) => removeInstance(changing, instance.guid))
}

/** Unbinds everything from an instance, one after the other. */
export async function removeBindings(world: World, instance_guid: string, options: OperationOptions): Promise<void> {
  for (const { guid } of bindingsOf(world.file.read(), { guid: instance_guid }))
    await unbind(world, guid, { ...options, wait: true })
}

/** Deletes a managed instance that has no bindings any more; a repeat does no harm. */
export async function deprovision(world: World, instance: ManagedInstance, options: OperationOptions): Promise<void> {
  const { guid: instance_id, service_id, plan_id } = instance
  const { signal, onProgress } = options
  const begun = beginning(world, 'delete')
  const { broker, state } = await world.file.change((changing) => {
    const record = instanceIn(changing, instance_id)
    if (record) record.last_operation = begun
    return { broker: brokerOf(changing, instance), state: changing }
  })
  try {
    const details = { originatingIdentity: (await world.requests()).identity(state), signal }
    const client = await world.client(broker)
    const answer = await client.deprovision({ instance_id, service_id, plan_id, accepts_incomplete: true }, details)
    if (answer.outcome === 'accepted') {
      await world.file.change((changing) => accept(instanceIn(changing, instance_id), answer.body.operation, options))
      if (options.wait === false) return
      const pending = { ...pendingOf(instance, begun), accepted: answer }
      await client.awaitOperation(pending, { ...details, onProgress })
    }
  } catch (error) {
    await (isFailureOfBroker(error) ? failOperation(world, instance_id, error) : abandon(world, instance_id))
    throw error
  }
  await world.file.change((changing) => removeInstance(changing, instance_id))
}
