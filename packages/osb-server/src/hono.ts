/**
 * The adapter for Hono 4, on every runtime that Hono runs on.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeRequest } from './node/node-request.js'
import type { Broker } from './wire/broker.js'
import { readRequestBody, toResponse, toWireRequest } from './wire/fetch-adapter.js'
import type { WireRequest, WireResponse } from './wire/wire-request.js'

/** The part of a Hono context that the handler uses. */
export interface HonoContext {
  readonly req: {
    readonly raw: Request
    arrayBuffer(): Promise<ArrayBuffer>
  }
  /** With `@hono/node-server`, Node's own request and response. */
  readonly env: unknown
}

/**
 * Makes a handler. What matches its route belongs to the broker, unknown paths included. A body that a middleware has
 * read with `c.req.json()` and the like is used as Hono has kept it.
 * @example app.all('/broker/*', toHono(broker))
 */
export function toHono(broker: Pick<Broker, 'handle'>): (context: HonoContext) => Promise<Response> {
  return async (context) => toResponse(await answer(broker, context))
}

/** On Node, its own request is asked: it has the path as it was sent, the client's address and its certificate. */
function answer(broker: Pick<Broker, 'handle'>, { req, env }: HonoContext): Promise<WireResponse> {
  const readBody: WireRequest['readBody'] = async (limit) =>
    req.raw.bodyUsed ? new Uint8Array(await req.arrayBuffer()) : readRequestBody(req.raw, limit)
  if (!isNode(env)) return broker.handle(toWireRequest(req.raw, readBody))
  const { incoming, outgoing } = env
  return broker.handle(new NodeRequest(incoming, outgoing, incoming.url ?? '/', readBody))
}

interface NodeBindings {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

function isNode(env: unknown): env is NodeBindings {
  const { incoming, outgoing } = (env ?? {}) as { readonly [Name in keyof NodeBindings]?: Partial<NodeBindings[Name]> }
  return typeof incoming?.headers === 'object' && typeof outgoing?.once === 'function'
}
