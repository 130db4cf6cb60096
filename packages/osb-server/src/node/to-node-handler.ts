import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Broker } from '../wire/broker.js'
import type { WireResponse } from '../wire/wire-request.js'
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
    const breakOff = () => response.destroy()
    serve(broker, request, response).then((answer) => {
      try {
        send(response, answer)
      } catch {
        breakOff()
      }
    }, breakOff)
  }
}

/** What hosts such as Express add to a request. */
type HostRequest = IncomingMessage & {
  readonly originalUrl?: string
  readonly body?: unknown
}

function serve(broker: Pick<Broker, 'handle'>, request: HostRequest, response: ServerResponse): Promise<WireResponse> {
  const { originalUrl = request.url ?? '/', body } = request
  const wireRequest = new NodeRequest(request, response, originalUrl, (limit) => readHostBody(request, body, limit))
  return broker.handle(wireRequest)
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.headersSent || response.destroyed) return
  const isMeasured = body === undefined || 'Content-Length' in headers
  response.writeHead(status, isMeasured ? headers : { 'Content-Length': Buffer.byteLength(body), ...headers })
  response.end(body)
}
