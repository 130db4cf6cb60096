import type { BrokerBackend, RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import { toCatalog } from '../offering/to-catalog.js'
import type { BrokerStore, ResourceRecord } from '../stores/broker-store.js'
import { bind } from './bind.js'
import { concludeOperation } from './conclude-operation.js'
import { deprovision, unbind } from './delete-resource.js'
import { fetchBinding, fetchInstance } from './fetch-resource.js'
import { lastBindingOperation, lastInstanceOperation } from './last-operation.js'
import type { Lifecycle } from './lifecycle.js'
import { indexOfferings } from './offering-index.js'
import { createOperationEngine } from './operation-engine.js'
import { performOperation } from './perform-operation.js'
import { provision } from './provision.js'
import { update } from './update.js'

/** How the lifecycle storey works; every time has a default. */
export interface LifecycleOptions {
  readonly store: BrokerStore
  /**
   * Milliseconds that a call with `accepts_incomplete=true` is waited for before it is answered 202. Default 1,000.
   */
  readonly syncWindowMs?: number
  /**
   * Milliseconds that any other call is waited for. Default 55,000, since Cloud Controller gives up after 60 seconds.
   * Then creates and updates are halted and answered 500; deletes go on, and a repeat joins them.
   */
  readonly syncTimeoutMs?: number
  /** Milliseconds after which another process takes over from one that has died. Default 30,000. */
  readonly leaseMs?: number
  /** Milliseconds between renewals of a lease, and between looks for work to take over. Default 5,000. */
  readonly heartbeatMs?: number
  /** Author functions running at the same time in this process; the rest wait as `in progress`. Default 100. */
  readonly maximumRunningOperations?: number
  /** Milliseconds that `close` waits for running operations before it halts them. Default 10,000. */
  readonly drainMs?: number
}

/** A back end of offerings, with the end of its background work. */
export interface ManagedBackend extends BrokerBackend {
  /** Refuses new calls with 503, waits for running operations, halts the rest. The store stays open. */
  close(): Promise<void>
}

/** The lifecycle storey: state, repeats, concurrency and long operations, decided for the author. */
export function managedBackend(
  offerings: readonly OfferingDefinition[],
  options: LifecycleOptions,
  onFault: (error: unknown, record: ResourceRecord | undefined) => void,
): ManagedBackend {
  const { store, syncWindowMs = 1_000, syncTimeoutMs = 55_000, leaseMs = 30_000, heartbeatMs = 5_000 } = options
  const index = indexOfferings(offerings)
  const catalog = toCatalog(offerings)
  const owner = crypto.randomUUID()
  const engine = createOperationEngine({
    store,
    owner,
    leaseMs,
    heartbeatMs,
    maximumRunning: options.maximumRunningOperations ?? 100,
    perform: (record, control) => performOperation(index, store, record, control),
    conclude: concludeOperation,
    onFault,
  })
  const lifecycle: Lifecycle = { store, engine, offerings: index, owner, leaseMs, syncWindowMs, syncTimeoutMs }
  let closed = false

  /** Refuses calls once the broker shuts down. */
  const open =
    <Call, Outcome>(operation: (lifecycle: Lifecycle, call: Call, details: RequestDetails) => Promise<Outcome>) =>
    async (call: Call, details: RequestDetails): Promise<Outcome> => {
      if (closed) throw OsbError.unavailable('The broker is shutting down.')
      return operation(lifecycle, call, details)
    }

  return {
    catalog: () => Promise.resolve({ outcome: 'found', body: catalog }),
    provision: open(provision),
    fetchInstance: open(fetchInstance),
    update: open(update),
    deprovision: open(deprovision),
    lastInstanceOperation: open(lastInstanceOperation),
    bind: open((shared, call, details) =>
      bind(shared, call, details, asyncBindings(details) && call.accepts_incomplete === true),
    ),
    fetchBinding: open(fetchBinding),
    unbind: open((shared, call, details) =>
      unbind(
        shared,
        { ...call, accepts_incomplete: asyncBindings(details) && call.accepts_incomplete === true },
        details,
      ),
    ),
    lastBindingOperation: open(lastBindingOperation),
    async close() {
      closed = true
      await engine.close(options.drainMs ?? 10_000)
    },
  }
}

/** Bindings can be asynchronous since 2.14; an older platform would not poll them. */
function asyncBindings({ apiVersion }: RequestDetails): boolean {
  return apiVersion.major > 2 || apiVersion.minor >= 14
}
