import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** Serves a `fetch` handler, as runtimes do that have nothing else: whole URLs, no client address, no sockets. */
export function fetchServer(fetch: (request: Request) => Promise<Response> | Response): Server {
  return createServer((request, response) => void answer(fetch, request, response))
}

async function answer(
  fetch: (request: Request) => Promise<Response> | Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const { status, headers, body } = await fetch(toRequest(incoming, gone.signal))
  outgoing.writeHead(status, Object.fromEntries(headers))
  if (body) for await (const part of body) outgoing.write(part)
  outgoing.end()
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null
  const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
  return new Request(`http://host.test${url}`, { method, headers: sent, body, duplex: 'half', signal })
}
