import type { BrokerBackend } from '../backend.js'
import { assembleBroker } from './assemble-broker.js'
import type { Broker } from './broker.js'
import type { BrokerOptions } from './broker-options.js'

/**
 * Makes an HTTP handler of a back end: everything that the protocol says about requests and answers is checked here,
 * so that the back end gets valid calls only and returns outcomes, never statuses. For proxies and stateless brokers;
 * a broker of offerings is made by `createBroker`.
 * @throws {TypeError} when an option is not valid
 * @example
 * const broker = createBrokerFromBackend(backend, { auth: basicAuth({ username, password }) })
 * export default broker // { fetch(request: Request): Promise<Response> }
 */
export function createBrokerFromBackend(backend: BrokerBackend, options: BrokerOptions): Broker {
  return assembleBroker(backend, options, {})
}
