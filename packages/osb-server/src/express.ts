/**
 * The adapter for Express 4 and 5.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from './node/to-node-handler.js'
import type { Broker } from './wire/broker.js'

/** What Express adds to a request and the handler uses. */
export interface ExpressMount {
  /** The mount point; empty at the root of the app. */
  readonly baseUrl: string
  /** Set in handlers of a route, such as `app.all(path, handler)`. */
  readonly route?: unknown
}

/** A handler for `app.use`, `router.use` and routes. */
export type ExpressHandler = (
  request: IncomingMessage & ExpressMount,
  response: ServerResponse,
  next: () => void,
) => void

/**
 * Makes a handler for an Express app or router. What is below its mount point, or matches its route, belongs to the
 * broker, unknown paths included; at the root of the app, `/v2` alone does, and all else goes on to the next handler.
 * Works behind `express.json()` and without it; before it is better, as Express answers what that cannot parse itself.
 * @example app.use('/broker', toExpress(broker))
 */
export function toExpress(broker: Pick<Broker, 'handle'>): ExpressHandler {
  const handler = toNodeHandler(broker)
  return (request, response, next) => {
    const { baseUrl, route, url = '' } = request
    if (baseUrl !== '' || route !== undefined || url.startsWith('/v2/')) handler(request, response)
    else next()
  }
}
