import { isOsbError, OsbError } from '../errors.js'
import type { ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import type { Lifecycle } from './lifecycle.js'
import { type OperationEnd, OperationHalted } from './running-operation.js'
import { sleep, within } from './timers.js'

const abortGraceMs = 2_000
const lookAgainMs = 200

/** What came of waiting: the record after a success, or that the platform must poll (202). */
export type Awaited = { readonly record: ResourceRecord } | 'later'

/**
 * Waits for an operation that this call has begun.
 * @throws {OsbError} what the author threw; 500 when a synchronous call runs out of time: a create or update is halted
 *   then, a delete goes on and a repeat joins it
 */
export async function awaitOperation(
  lifecycle: Lifecycle,
  record: ResourceRecord,
  acceptsIncomplete: boolean,
): Promise<Awaited> {
  const running = lifecycle.engine.begin(record)
  const end = await within(running.ended, acceptsIncomplete ? lifecycle.syncWindowMs : lifecycle.syncTimeoutMs)
  if (end) return successOf(end)
  // An end that is being written is waited for, so that a 4xx is never turned into a 202, nor a success into a 500.
  if (running.settled) return successOf(await running.ended)
  if (acceptsIncomplete) {
    running.answered = true
    return 'later'
  }
  if (record.operation.kind !== 'delete') {
    running.halt('time-out')
    // A function that heeds its signal gets its failure written before the platform is answered.
    const halted = await within(running.ended, abortGraceMs)
    if (halted) return successOf(halted)
  }
  // What comes of it now has to be found by polls and is reported by itself.
  running.answered = true
  throw OsbError.internal(new Error(`${record.operation.kind} took longer than ${lifecycle.syncTimeoutMs} ms`))
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
    ? await within(running.ended, lifecycle.syncTimeoutMs)
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
    if (record.operation.state !== 'in progress') return { record }
    await sleep(lookAgainMs)
  }
  return undefined
}

function successOf({ record, error }: OperationEnd): { record: ResourceRecord } {
  if (record?.operation.state === 'succeeded') return { record }
  if (isOsbError(error)) throw error
  if (isHalt(error) && !record) throw OsbError.unavailable('The operation is continued by another process; ask again.')
  const { instance_usable, update_repeatable, description } = record?.operation ?? {}
  const hints = {
    ...(instance_usable === undefined ? {} : { instance_usable }),
    ...(update_repeatable === undefined ? {} : { update_repeatable }),
  }
  throw OsbError.internal(error ?? new Error(description ?? 'the operation failed'), hints)
}

function isHalt(error: unknown): error is OperationHalted {
  return error instanceof OperationHalted
}
