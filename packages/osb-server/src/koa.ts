/**
 * The adapter for Koa 2 and 3.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from './node/to-node-handler.js'
import type { Broker } from './wire/broker.js'

/** The part of a Koa context that the middleware uses. */
export interface KoaContext {
  readonly path: string
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Where body parsers put what they have read, in `body`. */
  readonly request: object
  respond?: boolean | undefined
}

export interface KoaOptions {
  /** Where the broker is mounted, such as `/broker`. Default: at the root. */
  readonly prefix?: string
}

/**
 * Makes a middleware. Requests for paths outside of `prefix` and its `/v2` go on to the next one.
 * @example app.use(toKoa(broker, { prefix: '/broker' }))
 */
export function toKoa(
  broker: Pick<Broker, 'handle'>,
  { prefix = '' }: KoaOptions = {},
): (context: KoaContext, next: () => Promise<unknown>) => Promise<void> {
  const handler = toNodeHandler(broker)
  const root = `${prefix.replace(/\/+$/, '')}/v2`
  return async (context, next) => {
    if (context.path !== root && !context.path.startsWith(`${root}/`)) {
      await next()
      return
    }
    context.respond = false
    const { body } = context.request as { body?: unknown }
    if (body !== undefined) Object.assign(context.req, { body })
    handler(context.req, context.res)
  }
}
