import type { OperationName } from 'osb-protocol'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { assembleBroker } from '../wire/assemble-broker.js'
import type { Broker } from '../wire/broker.js'
import type { BrokerOptions, ErrorReport } from '../wire/broker-options.js'
import { reportError, reportToConsole } from '../wire/report-error.js'
import { type LifecycleOptions, managedBackend } from './managed-backend.js'
import { indexOfferings } from './offering-index.js'

export interface CreateBrokerOptions extends BrokerOptions, LifecycleOptions {
  /** What the catalog offers, with the functions that do the work. */
  readonly offerings: readonly OfferingDefinition[]
}

/**
 * Makes a broker of offerings: the library keeps the state and decides repeats, conflicts, concurrency and what is
 * synchronous; the offerings' functions do the work. Close it before its store.
 * @throws {TypeError} when an option or the catalog is not valid
 * @example
 * const broker = createBroker({ offerings: [mysql], auth: basicAuth({ username, password }), store: memoryStore() })
 * http.createServer(toNodeHandler(broker)).listen(8080)
 */
export function createBroker(options: CreateBrokerOptions): Broker {
  const { offerings } = options
  const index = indexOfferings(offerings)
  const onError = options.onError ?? reportToConsole
  const backend = managedBackend(offerings, options, (error, record) => reportError(onError, error, reportOf(record)))
  return assembleBroker(backend, options, {
    parametersOf: (service_id, plan_id) => index.find(service_id, plan_id)?.plan.parameters,
    close: async (answered) => {
      await backend.close()
      await answered
    },
  })
}

const operationNames = {
  instance: { create: 'provision', update: 'update', delete: 'deprovision' },
  binding: { create: 'bind', update: 'bind', delete: 'unbind' },
} as const satisfies Record<string, Record<ResourceRecord['operation']['kind'], OperationName>>

/** What failed while no platform waited for an answer; `onError` is told of it all the same. */
function reportOf(record: ResourceRecord | undefined): ErrorReport {
  if (!record) return {}
  const { instance_id, binding_id } = record.key
  const operations = operationNames[binding_id === undefined ? 'instance' : 'binding']
  return { operation: operations[record.operation.kind], instance_id, binding_id }
}
