/**
 * The adapter for Express 4 and 5.
 * @module
 */
import { type NodeHandler, toNodeHandler } from './node/to-node-handler.js'
import type { Broker } from './wire/broker.js'

/**
 * Makes a handler for an Express app or router. Works behind `express.json()` and without it, below any mount point; what is
 * below that point belongs to the broker, unknown paths included.
 * @example app.use('/broker', toExpress(broker))
 */
export function toExpress(broker: Pick<Broker, 'handle'>): NodeHandler {
  return toNodeHandler(broker)
}
