import type { BrokerBackend, RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { bind } from './bind.js'
import { concludeOperation } from './conclude-operation.js'
import { deprovision, unbind } from './delete-resource.js'
import { fetchBinding, fetchInstance } from './fetch-resource.js'
import { lastBindingOperation, lastInstanceOperation } from './last-operation.js'
import type { Lifecycle } from './lifecycle.js'
import { type LifecycleOptions, lifecycleSettings } from './lifecycle-options.js'
import { createOperationEngine } from './operation-engine.js'
import { performOperation } from './perform-operation.js'
import { provision } from './provision.js'
import { purgeDeletedFromTimeToTime } from './purge-deleted.js'
import type { Offered } from './tenant-offerings.js'
import { update } from './update.js'

/** A back end of offerings, with the end of its background work. */
export interface ManagedBackend extends BrokerBackend {
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
  offeredTo: (tenant: string) => Promise<Offered>,
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
    perform: async (record, control) =>
      performOperation((await offeredTo(record.key.tenant)).index, store, record, control),
    conclude: concludeOperation,
    onFault,
  })
  const shared = { store, engine, owner, leaseMs, syncWindowMs, syncTimeoutMs }
  const stopPurging = purgeDeletedFromTimeToTime(store, settings.retentionMs, (error) => onFault(error, undefined))
  let closed = false

  /** Refuses calls once the broker shuts down. */
  const open =
    <Call, Outcome>(operation: (lifecycle: Lifecycle, call: Call, details: RequestDetails) => Promise<Outcome>) =>
    async (call: Call, details: RequestDetails): Promise<Outcome> => {
      if (closed) throw OsbError.unavailable('The broker is shutting down.')
      const { index } = await offeredTo(details.tenant)
      return operation({ ...shared, offerings: index }, call, details)
    }

  return {
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
      await engine.close(settings.drainMs, answered)
    },
  }
}

/** Bindings can be asynchronous since 2.14; an older platform would not poll them. */
function asyncBindings({ apiVersion }: RequestDetails): boolean {
  return apiVersion.major > 2 || apiVersion.minor >= 14
}
