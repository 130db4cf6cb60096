import type { BrokerBackend, RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { isPromise } from '../is-promise.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { bind } from './bind.js'
import { concludeOperation } from './conclude-operation.js'
import { deprovision, unbind } from './delete-resource.js'
import { watchDueBindings } from './due-bindings.js'
import { fetchBinding, fetchInstance } from './fetch-resource.js'
import { findStuckRecords, type FindStuckOptions, type StuckResource, toStuckResource } from './find-stuck.js'
import { lastBindingOperation, lastInstanceOperation } from './last-operation.js'
import type { Lifecycle } from './lifecycle.js'
import { type LifecycleOptions, lifecycleSettings } from './lifecycle-options.js'
import { createOperationEngine } from './operation-engine.js'
import { performOperation } from './perform-operation.js'
import { provision } from './provision.js'
import { purgeDeletedFromTimeToTime } from './purge-deleted.js'
import { type SweepOptions, type SweepReport, sweepRecords } from './sweep.js'
import type { Offered } from './tenant-offerings.js'
import { update } from './update.js'

/** What an operator can do about resources that do not get on by themselves. */
export interface Maintenance {
  /**
   * Finds operations past their deadline, failed creates that nobody deletes, and what was made of plans that the broker
   * has no more, page by page through the whole store.
   * @example for await (const { instance_id, reasons } of broker.findStuck()) console.log(instance_id, reasons)
   */
  findStuck(options?: FindStuckOptions): AsyncIterable<StuckResource>
  /**
   * Deletes what failed creates have left and nobody deletes, by the offering's own functions, one after the other, as
   * their platform should have done (ORPH-03). May be run by several processes at once.
   * @throws what the signal was aborted with, after the resource that was at work; {OsbError} 503 when the broker closes
   * @example const { resources } = await broker.sweep({ dryRun: true })
   */
  sweep(options?: SweepOptions): Promise<SweepReport>
}

/** A back end of offerings, with the end of its background work. */
export interface ManagedBackend extends BrokerBackend, Maintenance {
  /**
   * Refuses new calls with 503, waits for running operations and for the calls that came before (`answered`), halts the
   * rest. The store stays open.
   */
  close(answered?: Promise<void>): Promise<void>
}

/**
 * The lifecycle storey: state, repeats, concurrency and long operations, decided for the author.
 * @param offeredTo finds what is offered to a tenant
 */
export function managedBackend(
  offeredTo: (tenant: string) => Offered | Promise<Offered>,
  options: LifecycleOptions,
  onFault: (error: unknown, record: ResourceRecord | undefined) => void,
): ManagedBackend {
  const settings = lifecycleSettings(options)
  const { store, syncWindowMs, syncTimeoutMs, leaseMs, heartbeatMs } = settings
  const owner = crypto.randomUUID()
  const engine = createOperationEngine({
    store,
    owner,
    leaseMs,
    heartbeatMs,
    maximumRunning: settings.maximumRunningOperations,
    perform(record, control) {
      const offered = offeredTo(record.key.tenant)
      const performWith = ({ index }: Offered) => performOperation(index, store, record, control)
      return isPromise(offered) ? offered.then(performWith) : performWith(offered)
    },
    conclude: concludeOperation,
    onFault,
  })
  const lifecycles = new WeakMap<Offered, Lifecycle>()
  const shared = { store, engine, owner, leaseMs, syncWindowMs, syncTimeoutMs }
  const { onBindingDue, dueIntervalMs: intervalMs } = settings
  const stopWatching = onBindingDue && watchDueBindings({ store, onBindingDue, intervalMs, onFault })
  const stopPurging = purgeDeletedFromTimeToTime(store, settings.retentionMs, (error) => onFault(error, undefined))
  let closed = false

  /** Refuses calls once the broker shuts down. */
  const open =
    <Call, Outcome>(operation: (lifecycle: Lifecycle, call: Call, details: RequestDetails) => Promise<Outcome>) =>
    (call: Call, details: RequestDetails): Promise<Outcome> => {
      const lifecycle = lifecycleOf(details.tenant)
      return isPromise(lifecycle)
        ? lifecycle.then((found) => operation(found, call, details))
        : operation(lifecycle, call, details)
    }

  /** @throws {OsbError} 503 once the broker shuts down */
  function lifecycleOf(tenant: string): Lifecycle | Promise<Lifecycle> {
    if (closed) throw OsbError.unavailable('The broker is shutting down.')
    const offered = offeredTo(tenant)
    return isPromise(offered) ? offered.then(lifecycleWith) : lifecycleWith(offered)
  }

  function lifecycleWith(offered: Offered): Lifecycle {
    const lifecycle = lifecycles.get(offered) ?? { ...shared, offerings: offered.index }
    lifecycles.set(offered, lifecycle)
    return lifecycle
  }

  return {
    async *findStuck(given = {}) {
      for await (const found of findStuckRecords(store, offeredTo, given)) yield toStuckResource(found)
    },
    sweep: (given = {}) => sweepRecords(findStuckRecords(store, offeredTo, given), lifecycleOf, given),
    catalog: async (_call, { tenant }) => ({ outcome: 'found', body: (await offeredTo(tenant)).catalog }),
    provision: open(provision),
    fetchInstance: open(fetchInstance),
    update: open(update),
    deprovision: open(deprovision),
    lastInstanceOperation: open(lastInstanceOperation),
    bind: open((lifecycle, call, details) =>
      bind(lifecycle, call, details, asyncBindings(details) && call.accepts_incomplete === true),
    ),
    fetchBinding: open(fetchBinding),
    unbind: open((lifecycle, call, details) =>
      unbind(
        lifecycle,
        { ...call, accepts_incomplete: asyncBindings(details) && call.accepts_incomplete === true },
        details,
      ),
    ),
    lastBindingOperation: open(lastBindingOperation),
    async close(answered) {
      closed = true
      stopPurging()
      stopWatching?.()
      await engine.close(settings.drainMs, answered)
    },
  }
}

/** Bindings can be asynchronous since 2.14; an older platform would not poll them. */
function asyncBindings({ apiVersion }: RequestDetails): boolean {
  return apiVersion.major > 2 || apiVersion.minor >= 14
}
