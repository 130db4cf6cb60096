/**
 * The adapter for Fastify 5.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from './node/to-node-handler.js'
import type { Broker } from './wire/broker.js'

/** A Fastify instance, as far as the plugin needs one. */
export interface FastifyHost {
  removeAllContentTypeParsers(): void
  readonly addContentTypeParser: (...values: never[]) => unknown
  readonly all: (...values: never[]) => unknown
}

/** The calls of it in the one form that the plugin uses; Fastify's own types have many more. */
interface FastifyScope {
  addContentTypeParser(
    contentType: '*',
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): void
  all(path: string, handler: (request: { readonly raw: IncomingMessage }, reply: FastifyReply) => void): void
}

interface FastifyReply {
  readonly raw: ServerResponse
  hijack(): void
}

/**
 * Makes a plugin. It has a scope of its own, so that the app's parsers, hooks and error pages stay as they are; bodies are
 * read by the broker itself.
 * @example app.register(toFastify(broker), { prefix: '/broker' })
 */
export function toFastify(broker: Pick<Broker, 'handle'>): (host: FastifyHost) => Promise<void> {
  const handler = toNodeHandler(broker)
  return async (host) => {
    const scope = host as unknown as FastifyScope
    host.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.all('/*', (request, reply) => {
      reply.hijack()
      handler(request.raw, reply.raw)
    })
  }
}
