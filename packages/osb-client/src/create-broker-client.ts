import type { BrokerCalls, Catalog } from 'osb-protocol'
import { type CatalogReadOptions, readCatalog } from './catalog/read-catalog.js'
import type { BrokerClientOptions } from './client-options.js'
import { waitingCalls } from './operations/call-and-wait.js'
import { callOperation } from './operations/call-operation.js'
import type { Deletion, WaitingCalls } from './operations/waiting-calls.js'
import { type MitigationOptions, mitigateOrphan } from './orphans/mitigate-orphan.js'
import type { Orphan } from './orphans/orphan.js'
import { pollingSettings } from './polling/polling-options.js'
import { openSession, type Session } from './session.js'
import { versionText } from './versions/api-versions.js'

/**
 * A client of one broker: the ten calls of the protocol, the five long ones with their polling too.
 * Every method is free to be passed around without the client.
 */
export interface BrokerClient extends BrokerCalls, WaitingCalls {
  /** The API version that the broker took last; `apiVersion` of the options before the first answer. */
  readonly apiVersion: string
  /**
   * The catalog, from a copy that this client keeps: with `maxAgeMs` it is taken while it is young enough, else the
   * broker is asked whether it has changed (CAT-01, CAT-10). Calls at the same time share one request. The result is
   * the copy itself: do not change it.
   */
  cachedCatalog(options?: CatalogReadOptions): Promise<Catalog>
  /**
   * Deletes what a failed call may have left behind, again and again until the broker reports success (ORPH-02).
   * @throws {BrokerClientError} what the last delete ended with, when none succeeded
   */
  mitigateOrphan(orphan: Orphan, options?: MitigationOptions): Promise<Deletion>
  /** Ends the connections once the calls that are under way are over; a `dispatcher` of the caller stays open. */
  close(): Promise<void>
}

/**
 * Makes a client of the broker at a URL. Nothing is sent yet.
 * @throws {TypeError} when an option cannot be used; secrets are not repeated
 * @example
 * const client = createBrokerClient({ url: 'https://broker.example', auth: { username, password } })
 * const { body } = await client.catalog()
 * const { credentials } = await client.bindAndWait({ instance_id, binding_id, service_id, plan_id })
 */
export function createBrokerClient(options: BrokerClientOptions): BrokerClient {
  pollingSettings(options.polling)
  const session = openSession(options)
  const { versions, transport } = session
  const waiting = waitingCalls(session, options.polling)
  return {
    ...brokerCalls(session),
    ...waiting,
    get apiVersion() {
      return versionText(versions, versions.minor)
    },
    cachedCatalog: (reading) => readCatalog(session, reading),
    mitigateOrphan: (orphan, mitigation) => mitigateOrphan(session, waiting, orphan, mitigation),
    close: () => transport.close(),
  }
}

function brokerCalls(session: Session): BrokerCalls {
  return {
    catalog: (call = {}, details) => callOperation(session, 'catalog', call, details),
    provision: (call, details) => callOperation(session, 'provision', call, details),
    fetchInstance: (call, details) => callOperation(session, 'fetchInstance', call, details),
    update: (call, details) => callOperation(session, 'update', call, details),
    deprovision: (call, details) => callOperation(session, 'deprovision', call, details),
    lastInstanceOperation: (call, details) => callOperation(session, 'lastInstanceOperation', call, details),
    bind: (call, details) => callOperation(session, 'bind', call, details),
    fetchBinding: (call, details) => callOperation(session, 'fetchBinding', call, details),
    unbind: (call, details) => callOperation(session, 'unbind', call, details),
    lastBindingOperation: (call, details) => callOperation(session, 'lastBindingOperation', call, details),
  }
}
