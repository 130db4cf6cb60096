import { basicAuth, type CreateBrokerOptions, createBroker, memoryStore, type OfferingDefinition } from 'osb-server'
import { type OfferingName, polledWork, referenceOfferings } from './reference-offerings.js'
import { login, type TestBroker } from './test-broker.js'

/** How a test broker differs from the reference. */
export interface ReferenceSettings extends Partial<Omit<CreateBrokerOptions, 'offerings'>> {
  /** Default: all of them. */
  readonly only?: readonly OfferingName[]
  /** The offerings, changed. */
  readonly change?: (offering: OfferingDefinition) => OfferingDefinition
  /** After how many polls an asynchronous operation has ended. Default 3. */
  readonly pollsUntilDone?: number
}

const pollOf = /\/v2\/service_instances\/([^/]+)(?:\/service_bindings\/([^/]+))?\/last_operation$/

/** A correct broker with offerings that have every feature; each test broker is this one with something changed. */
export function referenceBroker(settings: ReferenceSettings = {}): TestBroker {
  const { only, change, pollsUntilDone = 3, ...options } = settings
  const { work, polled } = polledWork(pollsUntilDone)
  const all = referenceOfferings(work)
  const chosen: readonly OfferingDefinition[] = only ? only.map((name) => all[name]) : Object.values(all)
  const broker = createBroker({
    offerings: change ? chosen.map(change) : chosen,
    auth: basicAuth(login),
    store: memoryStore(),
    syncWindowMs: 20,
    syncTimeoutMs: 10_000,
    drainMs: 0,
    onError: () => undefined,
    ...options,
  })
  return {
    close: broker.close,
    fetch(request) {
      const poll = request.method === 'GET' ? pollOf.exec(new URL(request.url).pathname) : null
      if (poll) polled(`${decodeURIComponent(poll[1] ?? '')} ${decodeURIComponent(poll[2] ?? '')}`)
      return broker.fetch(request)
    },
  }
}
