/**
 * The adapter for Fastify 5.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { NodeRequest } from './node/node-request.js'
import { readHostBody } from './node/read-host-body.js'
import { toBuffer } from './node/to-buffer.js'
import type { Broker } from './wire/broker.js'

/** A Fastify instance, as far as the plugin needs one. */
export interface FastifyHost {
  readonly prefix: string
  removeAllContentTypeParsers(): void
  readonly addContentTypeParser: (...values: never[]) => unknown
  readonly setErrorHandler: (...values: never[]) => unknown
  readonly all: (...values: never[]) => unknown
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
type Passing = (request: unknown, payload: Readable, done: (error: null, body: Readable) => void) => void
type ErrorAnswer = (error: Error & { readonly code?: unknown }, request: FastifyRequest, reply: FastifyReply) => unknown

/** The calls of it in the one form that the plugin uses; Fastify's own types have many more. */
interface FastifyScope {
  addContentTypeParser(contentType: '*', parser: Passing): void
  setErrorHandler(handler: ErrorAnswer): void
  all(path: string, handler: Answer): void
}

interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly originalUrl: string
  readonly body: Readable | undefined
}

interface FastifyReply {
  readonly raw: ServerResponse
  code(status: number): FastifyReply
  headers(headers: Readonly<Record<string, string>>): FastifyReply
  send(body: unknown): FastifyReply
}

/**
 * Makes a plugin. It has a scope of its own, so that the app's parsers and error pages stay as they are; bodies are
 * read by the broker itself. The app's hooks see its answers. What is below `prefix` belongs to the broker, unknown
 * paths included; without a prefix, `/v2` alone does.
 * @example app.register(toFastify(broker), { prefix: '/broker' })
 */
export function toFastify(broker: Pick<Broker, 'handle'>): (host: FastifyHost) => Promise<void> {
  const answer: Answer = async ({ raw, originalUrl, body: stream = raw }, reply) => {
    if (stream !== raw) breakOffWith(raw, stream)
    const request = new NodeRequest(raw, reply.raw, originalUrl, (limit) => readHostBody(stream, undefined, limit))
    const { status, headers, body } = await broker.handle(request)
    // To texts, Fastify would add a charset, which JSON does not have.
    return reply
      .code(status)
      .headers(headers)
      .send(body && toBuffer(body))
  }
  return async (host) => {
    const scope = host as unknown as FastifyScope
    host.removeAllContentTypeParsers()
    // Hooks of the app may have put another stream in the place of the request, to decompress it, say.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.setErrorHandler((error, request, reply) => {
      // A content type without a slash does not come as far as the parsers; which types are right, the broker decides.
      if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return answer(request, reply)
      throw error
    })
    scope.all(host.prefix === '' ? '/v2/*' : '/*', answer)
  }
}

/** A stream that a hook has made with `pipe()` would wait for a client that is gone. */
function breakOffWith(raw: IncomingMessage, stream: Readable): void {
  const breakOff = () => {
    if (!raw.complete) stream.destroy()
  }
  if (raw.destroyed) breakOff()
  else raw.once('close', breakOff)
}
