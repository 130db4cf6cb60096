import type { OfferingDefinition } from '../offering/define-offering.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import { OsbError } from '../errors.js'
import { isPromise } from '../is-promise.js'
import type {
  BrokerStore,
  OperationKind,
  OperationOutcome,
  OperationRecord,
  ResourceKey,
  ResourceRecord,
  StoredResources,
} from '../stores/broker-store.js'
import type { OfferingIndex, PlanChoice } from './offering-index.js'
import type { OperationEngine } from './operation-engine.js'
import { sleep } from './timers.js'

/** What the operations of the lifecycle storey share. */
export interface Lifecycle {
  readonly store: BrokerStore
  readonly engine: OperationEngine
  readonly offerings: OfferingIndex
  readonly owner: string
  readonly leaseMs: number
  /** How long a call that accepts 202 is waited for before it gets one. */
  readonly syncWindowMs: number
  /** How long any other call is waited for. */
  readonly syncTimeoutMs: number
}

const decisionAttempts = 20

/** Marks a write that somebody else's was faster than: look again, decide again. */
export const tooLate = Symbol('too late')

/**
 * Reads, decides and writes until no other call came between. A decision returns its answer, or `tooLate` when its
 * write was refused.
 * @throws {OsbError} 422 `ConcurrencyError` after 20 vain attempts
 */
export async function decide<Answer>(
  { store }: Lifecycle,
  key: ResourceKey,
  decision: (stored: StoredResources) => Promise<Answer | typeof tooLate>,
): Promise<Answer> {
  for (let attempt = 1; attempt <= decisionAttempts; attempt++) {
    const stored = store.read(key)
    const answer = await decision(isPromise(stored) ? await stored : stored)
    if (answer !== tooLate) return answer
    await sleep(Math.random() * attempt * 5)
  }
  throw OsbError.concurrency('Too many requests for this resource arrived at once; try again.')
}

/** The offering and plan of a request. @throws {OsbError} 400 when there is no such plan in the offering (A3) */
export function choosePlan(offerings: OfferingIndex, service_id: string, plan_id: string): PlanChoice {
  const choice = offerings.find(service_id, plan_id)
  if (!choice) throw OsbError.badRequest('service_id and plan_id do not name a plan of this broker')
  return choice
}

/** Refuses before anything runs or is recorded (SYN-11). */
export function demandAsync(offering: OfferingDefinition, acceptsIncomplete: boolean): void {
  if (offering.async === 'always' && !acceptsIncomplete) throw OsbError.asyncRequired()
}

/**
 * The kind stands in the id, so that a poll of a delete that is long forgotten can still be answered.
 * @param before the record as it was
 */
export function newOperation(
  kind: OperationKind,
  plan: PlanDefinition | undefined,
  before: ResourceRecord | undefined,
): OperationRecord {
  const startedAtMs = Date.now()
  const { maximum_polling_duration } = plan ?? {}
  return {
    // A UUID is a tree of twenty short texts until something asks for its characters; one text is kept a third the size.
    id: `${kind}-${crypto.randomUUID()}`.toLowerCase(),
    kind,
    state: 'in progress',
    attempt: 1,
    startedAtMs,
    deadlineAtMs: maximum_polling_duration === undefined ? undefined : startedAtMs + maximum_polling_duration * 1000,
    previous: before && outcomeOf(before.operation),
    createdBy: kind === 'create' ? undefined : before && createOf(before),
  }
}

/** The `operation` that the create of a resource was polled with, whatever has followed it. */
export function createOf({ operation }: ResourceRecord): string | undefined {
  return operation.kind === 'create' ? operation.id : operation.createdBy
}

function outcomeOf({ id, state, description, instance_usable, update_repeatable }: OperationRecord): OperationOutcome {
  return { id, state, description, instance_usable, update_repeatable }
}

/** The operation of this kind that is running on a record, if there is one. */
export function runs(record: ResourceRecord | undefined, kind: OperationKind): boolean {
  return record?.operation.state === 'in progress' && record.operation.kind === kind
}

/** Whether there is something that a fetch, an update or a bind can use. */
export function isLive(record: ResourceRecord | undefined): record is ResourceRecord {
  return record?.status === 'live'
}

/** @throws {OsbError} 422 when bindings of an instance are one at a time, and another one is not done */
export function checkSerial(offering: OfferingDefinition | undefined, bindingsBusy: boolean): void {
  if (offering?.serialBindings === true && bindingsBusy)
    throw OsbError.concurrency('Another operation on a binding of this service instance is in progress.')
}

/** What can be said of work on an instance whose offering or plan the broker does not have any more. */
export function noLongerOffered(what: 'service offering' | 'service plan'): OsbError {
  return OsbError.unprocessable(`The ${what} of this service instance is not served by this broker any more.`)
}

export function busy(what: string): OsbError {
  return OsbError.concurrency(`Another operation on this ${what} is in progress.`)
}
