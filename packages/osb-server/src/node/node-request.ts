import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { ParsedBody, WireRequest } from '../wire/wire-request.js'
import { readStream } from './read-stream.js'

/** What hosts such as Express add to a request. */
export type HostRequest = IncomingMessage & {
  readonly originalUrl?: string
  readonly body?: unknown
}

/** A request of Node's HTTP server in the light form. */
export class NodeRequest implements WireRequest {
  readonly #request: HostRequest
  #controller: AbortController | undefined
  #gone = false

  constructor(request: HostRequest) {
    this.#request = request
  }

  get method(): string {
    return this.#request.method ?? 'GET'
  }

  /** Routers cut the mount point off `url` and leave `originalUrl` as it was. */
  get target(): string {
    return this.#request.originalUrl ?? this.#request.url ?? '/'
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return typeof value === 'object' ? value.join(', ') : value
  }

  get remoteAddress(): string | undefined {
    return this.#request.socket.remoteAddress
  }

  get clientCertificate(): Uint8Array | undefined {
    const socket = this.#request.socket as Partial<TLSSocket>
    return socket.authorized ? socket.getPeerX509Certificate?.()?.raw : undefined
  }

  readBody(limitBytes: number): Promise<Uint8Array | string | ParsedBody> {
    const request = this.#request
    if (!request.readableEnded) return readStream(request, limitBytes)
    if (request.body === undefined)
      return Promise.reject(new TypeError('the host has read the body of the request and left nothing in req.body'))
    return Promise.resolve(asBody(request.body))
  }

  /** Made when it is first asked for: most requests end before anybody listens. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#gone) this.#controller.abort()
    return this.#controller.signal
  }

  /** To be called when the connection is done with this request. */
  disconnected(answered: boolean): void {
    if (answered) return
    this.#gone = true
    this.#controller?.abort()
  }
}

function asBody(body: unknown): Uint8Array | string | ParsedBody {
  return typeof body === 'string' || body instanceof Uint8Array ? body : { parsed: body }
}
