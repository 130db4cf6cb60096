import type { BrokerStore, ResourceContent, ResourceRecord, ResourceWrite } from '../stores/broker-store.js'
import { contentOf } from './content-of.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import { OperationHalted, type RunningOperation } from './running-operation.js'
import { unref } from './timers.js'

/** What it takes to hold a lease. */
export interface LeaseHolder {
  readonly store: BrokerStore
  /** Names this process in leases. */
  readonly owner: string
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly onFault: (error: unknown, record: ResourceRecord | undefined) => void
}

const writeAttempts = 20

/**
 * Renews the lease; one that could not be renewed for two thirds of its time counts as lost.
 * @returns what renews it, for `clearInterval`
 */
export function keepLease(
  holder: LeaseHolder,
  record: ResourceRecord,
  operation: RunningOperation,
): ReturnType<typeof setInterval> {
  const { store, leaseMs, heartbeatMs } = holder
  let renewedAt = performance.now()
  let renewing = false
  const renew = async () => {
    renewing = true
    const askedAt = performance.now()
    try {
      if (await store.renewLease(record.key, record.lease?.token ?? 0, leaseMs)) renewedAt = askedAt
      else operation.halt('lease-lost')
      if (record.operation.kind === 'create') await haltIfOvertaken(store, record, operation)
    } catch (error) {
      holder.onFault(error, record)
    } finally {
      renewing = false
    }
  }
  const beat = setInterval(() => {
    if (performance.now() - renewedAt > (leaseMs * 2) / 3) operation.halt('lease-lost')
    else if (!renewing) void renew()
  }, heartbeatMs)
  unref(beat)
  return beat
}

/** A delete that came to another process has left its mark in the record only. */
async function haltIfOvertaken(
  store: BrokerStore,
  { key }: ResourceRecord,
  operation: RunningOperation,
): Promise<void> {
  const current = await readOne(store, key)
  if (current?.operation.id === operation.operationId && current.operation.overtakenBy !== undefined)
    operation.halt('overtaken')
}

/** What is written to a record whose lease is held. */
export type HeldChange = Pick<ResourceWrite, 'content' | 'lease' | 'removeBindings'>

/**
 * Writes a record whose lease is held, against writes that leave the lease alone: progress, a delete that overtakes,
 * touches by binds.
 * @param held the record as this process knows it; its version is compared
 * @returns the record as written, or undefined when `next` wants nothing written
 * @throws {OperationHalted} when the lease is no longer held
 */
export function writeHeld(
  holder: LeaseHolder,
  held: ResourceRecord,
  next: (content: ResourceContent) => HeldChange | undefined,
): MaybePromise<ResourceRecord | undefined> {
  demandLease(holder, held, held)
  const change = next(contentOf(held))
  if (!change) return undefined
  // Mostly nobody has written meanwhile, so that looking first would be a round trip for nothing.
  const written = writeChange(holder, held, change)
  return isPromise(written)
    ? written.then((record) => record ?? writeAgain(holder, held, next))
    : (written ?? writeAgain(holder, held, next))
}

async function writeAgain(
  holder: LeaseHolder,
  { key, lease }: ResourceRecord,
  next: (content: ResourceContent) => HeldChange | undefined,
): Promise<ResourceRecord | undefined> {
  for (let attempt = 2; attempt <= writeAttempts; attempt++) {
    const current = await readOne(holder.store, key)
    demandLease(holder, current, { lease })
    const change = next(contentOf(current))
    if (!change) return undefined
    const written = await writeChange(holder, current, change)
    if (written) return written
  }
  throw new Error(`the record was changed by others ${writeAttempts} times in a row`)
}

function demandLease(
  { owner }: LeaseHolder,
  current: ResourceRecord | undefined,
  held: Pick<ResourceRecord, 'lease'>,
): asserts current is ResourceRecord {
  if (!current?.lease || current.lease.owner !== owner || current.lease.token !== held.lease?.token)
    throw new OperationHalted('lease-lost')
}

function writeChange(
  { store }: LeaseHolder,
  { key, version }: ResourceRecord,
  { content, lease, removeBindings }: HeldChange,
): MaybePromise<ResourceRecord | undefined> {
  return store.write({ key, expected: version, content, lease, removeBindings })
}

export async function readOne(store: BrokerStore, key: ResourceRecord['key']): Promise<ResourceRecord | undefined> {
  const { instance, binding } = await store.read(key)
  return key.binding_id === undefined ? instance : binding
}
