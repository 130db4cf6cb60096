import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Broker } from '../wire/broker.js'
import type { WireResponse } from '../wire/wire-request.js'
import { answerRequest } from './answer-request.js'
import { NodeRequest } from './node-request.js'
import { readHostBody } from './read-host-body.js'

/** A listener for `http.createServer`, and a handler for Express and its like. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Serves a broker with Node's own HTTP server, or below any path of an Express app. Bodies that the host has parsed
 * already (`req.body`) are used as they are; the host's limits hold for them.
 * @example http.createServer(toNodeHandler(broker)).listen(8080)
 * @example app.use('/broker', toNodeHandler(broker))
 */
export function toNodeHandler(broker: Pick<Broker, 'handle'>): NodeHandler {
  return (request, response) => {
    void serve(broker, request, response).catch(() => response.destroy())
  }
}

/** What hosts such as Express add to a request. */
type HostRequest = IncomingMessage & {
  readonly originalUrl?: string
  readonly body?: unknown
}

async function serve(broker: Pick<Broker, 'handle'>, request: HostRequest, response: ServerResponse): Promise<void> {
  const { originalUrl = request.url ?? '/', body } = request
  const wireRequest = new NodeRequest(request, originalUrl, (limit) => readHostBody(request, body, limit))
  send(response, await answerRequest(broker, wireRequest, response))
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, body === undefined ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}
