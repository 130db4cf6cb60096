import { isBrokerClientError } from '../errors/client-error.js'
import { fetchBinding, failBind } from './bind.js'
import { failCreate, removeInstance, succeedCreate } from './create-instance.js'
import { brokerOf, planById } from './find.js'
import { bindingIn, during, ended, instanceIn, isAbandoned, type OperationOptions, pendingOf } from './operations.js'
import type { BindingRecord, LastOperationRecord, ManagedInstance, PlatformState } from './state.js'
import { failBinding, removeBinding } from './unbind.js'
import { failOperation, succeedUpdate } from './update-instance.js'
import type { World } from './world.js'

/** An operation that the broker has accepted and that no living process waits for. */
export interface Accepted {
  readonly instance: ManagedInstance
  readonly binding: BindingRecord | undefined
  readonly operation: LastOperationRecord
}

/** The operations that whoever looks may poll. */
export function acceptedIn(state: PlatformState): Accepted[] {
  const instances = state.instances.filter((each) => each.type === 'managed')
  const free = ({ last_operation }: { last_operation: LastOperationRecord }): boolean =>
    last_operation.state === 'in progress' &&
    last_operation.accepted !== undefined &&
    (last_operation.process === undefined || isAbandoned(last_operation))
  const bindings = state.bindings.filter(free).flatMap((binding) => {
    const instance = instances.find(({ guid }) => guid === binding.instance_guid)
    return instance ? [{ instance, binding, operation: binding.last_operation }] : []
  })
  const own = instances.filter(free).map((instance) => ({
    instance,
    binding: undefined,
    operation: instance.last_operation,
  }))
  return [...bindings, ...own]
}

/** Asks once how far each accepted operation is, and keeps the ends; a broker that does not answer changes nothing. */
export async function refreshOperations(world: World, signal?: AbortSignal): Promise<void> {
  const state = world.file.read()
  await Promise.all(acceptedIn(state).map((accepted) => pollOnce(world, state, accepted, signal)))
}

async function pollOnce(world: World, state: PlatformState, about: Accepted, signal?: AbortSignal): Promise<void> {
  try {
    const client = await world.client(brokerOf(state, about.instance))
    const { accepted, ...pending } = pendingOf(about.instance, about.operation, about.binding)
    const call = { ...pending, binding_id: pending.binding_id ?? '', operation: accepted?.body.operation ?? undefined }
    const answer = about.binding
      ? await client.lastBindingOperation(call, { signal })
      : await client.lastInstanceOperation(call, { signal })
    const isDelete = about.operation.type === 'delete'
    if (answer.outcome === 'gone') return isDelete ? await succeed(world, state, about) : undefined
    if (answer.body.state === 'succeeded') await succeed(world, state, about)
    else if (answer.body.state === 'failed') await fail(world, about, new Error(answer.body.description ?? 'failed'))
    else await describe(world, about, answer.body.description)
  } catch (error) {
    signal?.throwIfAborted()
    if (!isBrokerClientError(error) && (error as { code?: string }).code !== 'LOGIN_MISSING') throw error
  }
}

/** Waits until an accepted operation is over, and keeps its end. */
export async function finishAccepted(world: World, about: Accepted, options: OperationOptions): Promise<void> {
  const state = world.file.read()
  const broker = brokerOf(state, about.instance)
  const pending = pendingOf(about.instance, about.operation, about.binding)
  const { signal, onProgress } = options
  const limit = planById(broker.catalog, about.instance.plan_id)?.plan.maximum_polling_duration
  try {
    const client = await world.client(broker)
    await client.awaitOperation(pending, { signal, onProgress, maximum_polling_duration: limit })
  } catch (error) {
    if (isBrokerClientError(error)) await failWaited(world, state, about, error)
    throw error
  }
  await succeed(world, state, about)
}

async function failWaited(world: World, state: PlatformState, about: Accepted, error: unknown): Promise<void> {
  const { instance, binding, operation } = about
  const broker = brokerOf(state, instance)
  if (operation.type !== 'create') return fail(world, about, error)
  return binding ? failBind(world, { broker, instance, binding }, error) : failCreate(world, broker, instance, error)
}

async function succeed(world: World, state: PlatformState, { instance, binding, operation }: Accepted): Promise<void> {
  const broker = brokerOf(state, instance)
  if (binding) {
    if (operation.type === 'create') return fetchBinding(world, broker, instance, binding)
    return world.file.change((changing) => removeBinding(changing, binding.guid))
  }
  if (operation.type === 'create') return succeedCreate(world, broker, instance, instance.dashboard_url)
  if (operation.type === 'update') return succeedUpdate(world, instance.guid, operation)
  return world.file.change((changing) => removeInstance(changing, instance.guid))
}

function fail(world: World, { instance, binding, operation }: Accepted, error: unknown): Promise<void> {
  return binding
    ? failBinding(world, binding.guid, operation, error)
    : failOperation(world, instance.guid, operation, error)
}

async function describe(world: World, about: Accepted, description: string | undefined): Promise<void> {
  const { instance, binding, operation } = about
  await world.file.change((state) => {
    const record = binding ? bindingIn(state, binding.guid) : instanceIn(state, instance.guid)
    const current = during(record, operation)
    if (current) current.last_operation.description = description ?? null
  })
}

/** Keeps that nobody knows how an update ended, whose process died before the broker had answered. */
export async function forgetUpdate(world: World, guid: string): Promise<void> {
  await world.file.change((state) => {
    const record = instanceIn(state, guid)
    if (!record) return
    const said = 'the osb that sent it ended before the broker had answered; run it again'
    record.last_operation = ended(world, record.last_operation, 'failed', said)
  })
}
