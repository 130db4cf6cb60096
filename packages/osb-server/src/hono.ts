/**
 * The adapter for Hono 4, on every runtime that Hono runs on.
 * @module
 */
import type { Broker } from './wire/broker.js'

/** The part of a Hono context that the handler uses. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
}

/**
 * Makes a handler. What is below its route belongs to the broker, unknown paths included.
 * @example app.all('/broker/*', toHono(broker))
 */
export function toHono(broker: Pick<Broker, 'fetch'>): (context: HonoContext) => Promise<Response> {
  return (context) => broker.fetch(context.req.raw)
}
