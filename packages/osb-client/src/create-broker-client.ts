import type { BrokerCalls } from 'osb-protocol'
import type { BrokerClientOptions } from './client-options.js'
import type { Clock } from './clock.js'
import { waitingCalls } from './operations/call-and-wait.js'
import { callOperation } from './operations/call-operation.js'
import type { WaitingCalls } from './operations/waiting-calls.js'
import { pollingSettings } from './polling/polling-options.js'
import { openSession, type Session } from './session.js'

/**
 * A client of one broker: the ten calls of the protocol, the five long ones with their polling too.
 * Every method is free to be passed around without the client.
 */
export interface BrokerClient extends BrokerCalls, WaitingCalls {
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
  return createClient(options)
}

/** {@link createBrokerClient} with a clock of the test's own. */
export function createClient(options: BrokerClientOptions, clock?: Clock): BrokerClient {
  pollingSettings(options.polling)
  const session = openSession(options, clock)
  return { ...brokerCalls(session), ...waitingCalls(session, options.polling), close: () => session.transport.close() }
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
