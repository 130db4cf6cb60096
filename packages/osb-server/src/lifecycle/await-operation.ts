import { type FailureHints, isOsbError, OsbError } from '../errors.js'
import type { OperationRecord, ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { withoutUndefined } from '../stores/json-copy.js'
import type { Lifecycle } from './lifecycle.js'
import { type OperationEnd, OperationHalted } from './running-operation.js'
import { sleep } from './timers.js'

const abortGraceMs = 2_000
const lookAgainMs = 200

/** What came of waiting: the end that was a success, or that the platform must poll (202). */
export type Awaited = (Pick<OperationEnd, 'unstored'> & { readonly record: ResourceRecord }) | 'later'

/**
 * Waits for an operation that this call has begun.
 * @param instance of a binding, as this call has found it
 * @throws {OsbError} what the author threw; 500 when a synchronous call runs out of time, whatever is thrown then, so
 *   that the platform cleans up: a create or update is halted, a delete goes on and a repeat joins it
 */
export async function awaitOperation(
  lifecycle: Lifecycle,
  record: ResourceRecord,
  acceptsIncomplete: boolean,
  instance?: ResourceRecord,
): Promise<Awaited> {
  const running = lifecycle.engine.begin(record, instance)
  const end = await running.endedWithin(acceptsIncomplete ? lifecycle.syncWindowMs : lifecycle.syncTimeoutMs)
  if (end) return successOf(end)
  // An end that is being written is waited for, so that a 4xx is never turned into a 202, nor a success into a 500.
  if (running.settled) return successOf(await running.ended())
  if (acceptsIncomplete) {
    running.answered = true
    return 'later'
  }
  if (record.operation.kind !== 'delete') {
    running.halt('time-out')
    // A function that heeds its signal gets its failure written before the platform is answered.
    const halted = await running.endedWithin(abortGraceMs)
    if (halted && !halted.record) return successOf(halted)
    if (halted?.record) throw tookTooLong(lifecycle, halted.record, halted.error)
  }
  // What comes of it now has to be found by polls and is reported by itself.
  running.answered = true
  throw tookTooLong(lifecycle, record.operation.kind === 'update' ? await current(lifecycle, record) : record)
}

/** Also an author's 4xx is a 500 here, as the work had begun and nobody knows how far it came. */
function tookTooLong(
  { syncTimeoutMs }: Lifecycle,
  { operation }: ResourceRecord,
  error: unknown = new Error(`${operation.kind} took longer than ${syncTimeoutMs} ms`),
): OsbError {
  return OsbError.internal(error, operation.kind === 'update' ? hintsOf(operation) : {})
}

/** The record with what the author's function has said by now. */
async function current({ store }: Lifecycle, record: ResourceRecord): Promise<ResourceRecord> {
  const { instance } = await store.read(record.key)
  return instance?.operation.id === record.operation.id ? instance : record
}

/**
 * Joins an operation that another call has begun, here or in another process. Its end is this call's end, too.
 * @throws {OsbError} what the author threw; 500 when it does not end in time
 */
export async function joinOperation(
  lifecycle: Lifecycle,
  record: ResourceRecord,
  acceptsIncomplete: boolean,
): Promise<Awaited> {
  const found = lifecycle.engine.find(record.key)
  const running = found?.operationId === record.operation.id ? found : undefined
  if (acceptsIncomplete && !running?.settled) {
    // Whoever is told 202 finds a failure by polling, so the record of it has to stay.
    if (running) running.answered = true
    return 'later'
  }
  const end = running
    ? await running.endedWithin(lifecycle.syncTimeoutMs)
    : await endElsewhere(lifecycle, record.key, record.operation.id)
  // The work has begun, so that no 4xx may tell the platform that there is nothing to clean up.
  if (!end)
    throw OsbError.internal(new Error(`${record.operation.kind} took longer than ${lifecycle.syncTimeoutMs} ms`))
  return successOf(end)
}

async function endElsewhere(
  { store, engine, syncTimeoutMs }: Lifecycle,
  key: ResourceKey,
  id: string,
): Promise<OperationEnd | undefined> {
  const until = performance.now() + syncTimeoutMs
  while (performance.now() < until) {
    if (engine.stopped) return { error: new OperationHalted('shutdown') }
    const found = await store.read(key)
    const record = key.binding_id === undefined ? found.instance : found.binding
    // A record without the operation any more: it ended, and something else has begun since.
    if (record?.operation.id !== id) return { error: new Error('another operation has begun since this one ended') }
    if (record.operation.state !== 'in progress') return { record, error: refusalOf(record) }
    await sleep(lookAgainMs)
  }
  return undefined
}

/** What the author threw in the process that the operation ended in. */
function refusalOf({ operation }: ResourceRecord): OsbError | undefined {
  const { failure, description = '' } = operation
  return failure && new OsbError({ ...failure, description, ...hintsOf(operation) })
}

function hintsOf({ instance_usable, update_repeatable }: OperationRecord): FailureHints {
  return withoutUndefined({ instance_usable, update_repeatable })
}

function successOf({ record, error, unstored }: OperationEnd): Exclude<Awaited, 'later'> {
  if (record?.operation.state === 'succeeded') return { record, unstored }
  if (isOsbError(error)) throw error
  if (isHalt(error) && !record) throw OsbError.unavailable('The operation is continued by another process; ask again.')
  const { description = 'the operation failed' } = record?.operation ?? {}
  throw OsbError.internal(error ?? new Error(description), record ? hintsOf(record.operation) : {})
}

function isHalt(error: unknown): error is OperationHalted {
  return error instanceof OperationHalted
}
