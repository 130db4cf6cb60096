import { isFailureOfBroker, saidBy } from './failures.js'
import { brokerOf } from './find.js'
import {
  abandon,
  accept,
  assertFree,
  beginning,
  bindingIn,
  during,
  ended,
  instanceIn,
  isWaitedFor,
  type OperationOptions,
  pendingOf,
} from './operations.js'
import type { BindingRecord, LastOperationRecord, ManagedInstance, PlatformState } from './state.js'
import type { World } from './world.js'

/** Unbinds one binding and forgets it; a repeat does no harm. */
export async function unbind(world: World, binding_guid: string, options: OperationOptions): Promise<void> {
  const begun = beginning(world, 'delete')
  const found = await world.file.change((state) => {
    const binding = bindingIn(state, binding_guid)
    const instance = binding && instanceIn(state, binding.instance_guid)
    if (!binding || !instance) return undefined
    if (isWaitedFor(binding.last_operation)) assertFree(instance.name, binding.last_operation, ' of the binding')
    // What is user-provided no broker has to be asked about.
    if (instance.type !== 'managed') return removeBinding(state, binding_guid)
    binding.last_operation = begun
    return structuredClone({ binding, instance, broker: brokerOf(state, instance), state })
  })
  if (found) await sendUnbind(world, found, options)
}

async function sendUnbind(
  world: World,
  {
    binding,
    instance,
    broker,
    state,
  }: {
    readonly binding: BindingRecord
    readonly instance: ManagedInstance
    readonly broker: ReturnType<typeof brokerOf>
    readonly state: PlatformState
  },
  options: OperationOptions,
): Promise<void> {
  const { guid: binding_id } = binding
  const { guid: instance_id, service_id, plan_id } = instance
  const { signal, onProgress } = options
  try {
    const details = { originatingIdentity: (await world.requests()).identity(state), signal }
    const client = await world.client(broker)
    const call = { instance_id, binding_id, service_id, plan_id, accepts_incomplete: true }
    const answer = await client.unbind(call, details)
    if (answer.outcome === 'accepted') {
      await world.file.change((changing) => accept(bindingIn(changing, binding_id), answer.body.operation, options))
      if (options.wait === false) return
      const pending = { ...pendingOf(instance, binding.last_operation, binding), accepted: answer }
      await client.awaitOperation(pending, { ...details, onProgress })
    }
  } catch (error) {
    await (isFailureOfBroker(error)
      ? failBinding(world, binding_id, binding.last_operation, error)
      : abandon(world, binding_id))
    throw error
  }
  await world.file.change((changing) => removeBinding(changing, binding_id))
}

/** Forgets a binding. */
export function removeBinding(state: PlatformState, guid: string): undefined {
  state.bindings = state.bindings.filter((each) => each.guid !== guid)
}

/** Keeps that an operation on a binding has failed. */
export async function failBinding(
  world: World,
  guid: string,
  operation: LastOperationRecord,
  error: unknown,
): Promise<void> {
  await world.file.change((state) => {
    const record = during(bindingIn(state, guid), operation)
    if (record) record.last_operation = ended(world, record.last_operation, 'failed', saidBy(error))
  })
}
