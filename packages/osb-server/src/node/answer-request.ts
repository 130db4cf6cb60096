import type { ServerResponse } from 'node:http'
import type { Broker } from '../wire/broker.js'
import type { WireResponse } from '../wire/wire-request.js'
import type { NodeRequest } from './node-request.js'

/** Has a broker answer a request, and tells it when the client goes away before `response` is written. */
export function answerRequest(
  { handle }: Pick<Broker, 'handle'>,
  request: NodeRequest,
  response: Pick<ServerResponse, 'once' | 'writableFinished'>,
): Promise<WireResponse> {
  response.once('close', () => request.disconnected(response.writableFinished))
  return handle(request)
}
