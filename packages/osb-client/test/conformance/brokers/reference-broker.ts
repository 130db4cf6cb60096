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
  /** Whether all is lost with a restart. Default false. */
  readonly isForgetful?: boolean
}

const pollOf = /\/v2\/service_instances\/([^/]+)(?:\/service_bindings\/([^/]+))?\/last_operation$/

/** A correct broker with offerings that have every feature; each test broker is this one with something changed. */
export function referenceBroker(settings: ReferenceSettings = {}): TestBroker {
  const { only, change, pollsUntilDone = 3, isForgetful = false, ...options } = settings
  const { work, polled } = polledWork(pollsUntilDone)
  const all = referenceOfferings(work)
  const chosen: readonly OfferingDefinition[] = only ? only.map((name) => all[name]) : Object.values(all)
  const offerings = change ? chosen.map(change) : chosen
  const open = (store: ReturnType<typeof memoryStore>) =>
    createBroker({
      offerings,
      auth: basicAuth(login),
      store,
      syncWindowMs: 20,
      syncTimeoutMs: 10_000,
      drainMs: 0,
      onError: () => undefined,
      ...options,
    })
  let store = memoryStore()
  let broker = open(store)
  return {
    close: () => broker.close(),
    async restart() {
      await broker.close()
      if (isForgetful) store = memoryStore()
      broker = open(store)
    },
    fetch(request) {
      const poll = request.method === 'GET' ? pollOf.exec(new URL(request.url).pathname) : null
      if (poll) polled(`${decodeURIComponent(poll[1] ?? '')} ${decodeURIComponent(poll[2] ?? '')}`)
      return broker.fetch(request)
    },
  }
}
