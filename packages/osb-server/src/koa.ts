/**
 * The adapter for Koa 2 and 3.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeRequest } from './node/node-request.js'
import { readHostBody } from './node/read-host-body.js'
import { toBuffer } from './node/to-buffer.js'
import type { Broker } from './wire/broker.js'

/** The part of a Koa context that the middleware uses. */
export interface KoaContext {
  readonly path: string
  readonly originalUrl: string
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Where body parsers put what they have read, in `body`. */
  readonly request: object
  status: number
  body?: unknown
  set(headers: { readonly [name: string]: string }): void
}

export interface KoaOptions {
  /**
   * The path below which everything belongs to the broker, such as `/broker`, as Koa has it in `ctx.path`. Default:
   * `/v2`, for a broker at the root of the app. `/` is for a broker that another middleware has mounted already.
   */
  readonly prefix?: string
}

/** Of any context, so that the app's own type of contexts stays as it is. */
export type KoaMiddleware = <Context extends KoaContext>(
  context: Context,
  next: () => Promise<unknown>,
) => Promise<void>

/**
 * Makes a middleware. Requests for paths outside of `prefix` go on to the next one.
 * @example app.use(toKoa(broker, { prefix: '/broker' }))
 */
export function toKoa(broker: Pick<Broker, 'handle'>, { prefix = '/v2' }: KoaOptions = {}): KoaMiddleware {
  const root = prefix.replace(/\/+$/, '')
  return async (context, next) => {
    if (context.path === root || context.path.startsWith(`${root}/`)) await answer(broker, context)
    else await next()
  }
}

/** Hands the answer to Koa, so that middlewares before this one see it as they see all others. */
async function answer(broker: Pick<Broker, 'handle'>, context: KoaContext): Promise<void> {
  const { req, res, originalUrl } = context
  const { body: parsed } = context.request as { readonly body?: unknown }
  const request = new NodeRequest(req, res, originalUrl, (limit) => readHostBody(req, parsed, limit))
  const { status, headers, body } = await broker.handle(request)
  context.status = status
  context.set(headers)
  // Koa would make a 204 of an answer to HEAD whose body is set to nothing.
  if (body !== undefined) context.body = typeof body === 'string' ? body : toBuffer(body)
}
