import type { OperationName } from 'osb-protocol'
import { createObservers } from '../hooks/observers.js'
import type { ErrorReport } from '../hooks/reports.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { assembleBroker } from '../wire/assemble-broker.js'
import type { Broker } from '../wire/broker.js'
import type { BrokerOptions } from '../wire/broker-options.js'
import type { ParametersLookup } from '../wire/check-parameters.js'
import type { Tenants } from '../wire/tenants.js'
import type { LifecycleOptions } from './lifecycle-options.js'
import { type Maintenance, managedBackend } from './managed-backend.js'
import { type Offered, type OfferingTenant, offeringsByTenant } from './tenant-offerings.js'

export interface CreateBrokerOptions extends BrokerOptions, LifecycleOptions {
  /** What the catalog offers, with the functions that do the work. */
  readonly offerings: readonly OfferingDefinition[]
  /**
   * Who else than the broker's own platforms is served, at paths of the form `/{tenant}/v2/…`. Instances of one tenant
   * are not seen by another. Default: nobody.
   */
  readonly tenants?: Tenants<OfferingTenant> | undefined
}

/** A broker whose state the library keeps, with what its operator needs. */
export interface ManagedBroker extends Broker, Maintenance {}

/**
 * Makes a broker of offerings: the library keeps the state and decides repeats, conflicts, concurrency and what is
 * synchronous; the offerings' functions do the work. Close it before its store.
 * @throws {TypeError} when an option or the catalog is not valid
 * @example
 * const broker = createBroker({ offerings: [mysql], auth: basicAuth({ username, password }), store: memoryStore() })
 * http.createServer(toNodeHandler(broker)).listen(8080)
 */
export function createBroker(options: CreateBrokerOptions): ManagedBroker {
  const { own, find, of, named } = offeringsByTenant(options.offerings, options.tenants)
  const observers = createObservers(options)
  const backend = managedBackend(named, options, (error, record) => observers.onError(error, reportOf(record)))
  const broker = assembleBroker(backend, options, {
    observers,
    parametersOf: parametersIn(own),
    tenants: find && { find, toParts: (tenant) => ({ backend, parametersOf: parametersIn(of(tenant)) }) },
    close: async (answered) => {
      await backend.close(answered)
      await answered
    },
  })
  return { ...broker, findStuck: backend.findStuck, sweep: backend.sweep }
}

function parametersIn({ index }: Offered): ParametersLookup {
  return (service_id, plan_id) => {
    const choice = index.find(service_id, plan_id)
    return choice && (choice.plan.parameters ?? {})
  }
}

const operationNames = {
  instance: { create: 'provision', update: 'update', delete: 'deprovision' },
  binding: { create: 'bind', update: 'bind', delete: 'unbind' },
} as const satisfies Record<string, Record<ResourceRecord['operation']['kind'], OperationName>>

/** What failed while no platform waited for an answer; `onError` is told of it all the same. */
function reportOf(record: ResourceRecord | undefined): ErrorReport {
  if (!record) return {}
  const { tenant, instance_id, binding_id } = record.key
  const operations = operationNames[binding_id === undefined ? 'instance' : 'binding']
  const { service_id, plan_id } = record
  return { operation: operations[record.operation.kind], instance_id, binding_id, service_id, plan_id, tenant }
}
