import { randomUUID } from 'node:crypto'
import type { LastOperation } from 'osb-protocol'
import type { PendingOperation } from '../operations/waiting-calls.js'
import { type Remains, saidBy } from './failures.js'
import { PlatformError } from './platform-error.js'
import { hasEnded, ownMark } from './process-mark.js'
import type { BindingRecord, InstanceRecord, LastOperationRecord, ManagedInstance, PlatformState } from './state.js'
import type { World } from './world.js'

/** How to wait for an operation that the broker accepted. */
export interface OperationOptions {
  /**
   * `false`: not at all; the operation goes on, and a look at the instance later asks how far it is.
   * @default true
   */
  readonly wait?: boolean | undefined
  /** Ends the command. What is under way is then left for {@link Platform.cleanUp}. */
  readonly signal?: AbortSignal | undefined
  /** Told what the broker says, while it works. */
  readonly onProgress?: ((lastOperation: LastOperation) => void) | undefined
}

/** An operation that begins now, and is this process's. */
export function beginning(
  { clock }: World,
  type: LastOperationRecord['type'],
  change?: LastOperationRecord['change'],
): LastOperationRecord {
  const now = new Date(clock.now()).toISOString()
  const begun = { id: randomUUID(), type, state: 'in progress', description: null } as const
  return { ...begun, created_at: now, updated_at: now, process: ownMark(), ...(change && { change }) }
}

/** The operation as it is once it is over. */
export function ended(
  { clock }: World,
  { id, type, created_at, description }: LastOperationRecord,
  state: 'succeeded' | 'failed',
  said?: string,
): LastOperationRecord {
  const updated_at = new Date(clock.now()).toISOString()
  return { id, type, state, description: said ?? description, created_at, updated_at }
}

/** A create that has failed, with what it left. */
export function failedCreate(
  world: World,
  operation: LastOperationRecord,
  error: unknown,
  remains: Remains,
): LastOperationRecord {
  const failed = ended(world, operation, 'failed', saidBy(error))
  return remains === 'orphan' ? { ...failed, orphan: true } : failed
}

/**
 * @throws {PlatformError} `IN_PROGRESS` while an operation on the instance is not over, or one of its bindings
 */
export function assertIdle(state: PlatformState, instance: InstanceRecord): void {
  assertFree(instance.name, instance.last_operation, '')
  for (const { instance_guid, last_operation } of state.bindings)
    if (instance_guid === instance.guid) assertFree(instance.name, last_operation, ' of a binding')
}

/**
 * @throws {PlatformError} `IN_PROGRESS` while an operation is not over
 */
export function assertFree(name: string, operation: LastOperationRecord, what: string): void {
  if (operation.state !== 'in progress') return
  const message = `a ${operation.type}${what} of service instance ${name} is in progress`
  const wait = `Wait until it is over: "osb service ${name}" tells how far it is.`
  const repair = 'The osb that began it has ended: run "osb cleanup" to finish it.'
  throw new PlatformError('IN_PROGRESS', message, isAbandoned(operation) ? repair : wait)
}

/** Whether a living process waits for the end of an operation. */
export function isWaitedFor({ state, process }: LastOperationRecord): boolean {
  return state === 'in progress' && process !== undefined && !hasEnded(process)
}

/** Whether nobody will finish an operation: its process has ended, or gave it up before the broker had answered. */
export function isAbandoned({ state, process, accepted }: LastOperationRecord): boolean {
  if (state !== 'in progress') return false
  return process === undefined ? accepted === undefined : hasEnded(process)
}

/** The instance in a state, by its guid; undefined when another process has removed it meanwhile. */
export function instanceIn({ instances }: PlatformState, guid: string): InstanceRecord | undefined {
  return instances.find((each) => each.guid === guid)
}

/** The binding in a state, by its guid. */
export function bindingIn({ bindings }: PlatformState, guid: string): BindingRecord | undefined {
  return bindings.find((each) => each.guid === guid)
}

/** The record while the operation is the one that is under way; undefined when another has begun or ended it. */
export function during<Kept extends InstanceRecord | BindingRecord>(
  record: Kept | undefined,
  operation: LastOperationRecord,
): Kept | undefined {
  const { id, state } = record?.last_operation ?? {}
  return id === operation.id && state === 'in progress' ? record : undefined
}

/** Keeps what the broker answered an operation with (202), so that any process can poll for it. */
export function accept(
  record: InstanceRecord | BindingRecord | undefined,
  operation: string | null | undefined,
  options: OperationOptions,
): void {
  if (record?.last_operation.state !== 'in progress') return
  record.last_operation.accepted = { operation: operation ?? null }
  // Nobody waits any more, so that whoever looks next may poll.
  if (options.wait === false) record.last_operation.process = undefined
}

const calls = {
  instance: { create: 'provision', update: 'update', delete: 'deprovision' },
  binding: { create: 'bind', update: 'bind', delete: 'unbind' },
} as const

/** What to poll with. While a plan changes, that is the old plan. */
export function pendingOf(
  instance: ManagedInstance,
  { type, accepted }: LastOperationRecord,
  binding?: BindingRecord,
): PendingOperation {
  const { guid: instance_id, service_id, plan_id } = instance
  const operation = calls[binding ? 'binding' : 'instance'][type]
  const pending = {
    operation,
    instance_id,
    service_id,
    plan_id,
    accepted: { body: { operation: accepted?.operation } },
  }
  return binding ? { ...pending, binding_id: binding.guid } : pending
}

/** Leaves an operation to whoever looks next: this process was told to stop waiting. */
export async function abandon({ file }: World, guid: string): Promise<void> {
  await file.change((state) => {
    const record = instanceIn(state, guid) ?? bindingIn(state, guid)
    if (record?.last_operation.state === 'in progress') record.last_operation.process = undefined
  })
}
