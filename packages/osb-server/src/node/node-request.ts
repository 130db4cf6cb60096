import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { WireRequest } from '../wire/wire-request.js'

/** A request of Node's HTTP server in the light form. */
export class NodeRequest implements WireRequest {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly target: string
  readonly readBody: WireRequest['readBody']
  #controller: AbortController | undefined

  /**
   * @param response the answer to it, whose end tells whether the client has left
   * @param target path and query as the client sent them; many hosts cut the mount point off `request.url`
   * @param readBody reads the request, or takes what the host has read already
   */
  constructor(request: IncomingMessage, response: ServerResponse, target: string, readBody: WireRequest['readBody']) {
    this.#request = request
    this.#response = response
    this.target = target
    this.readBody = readBody
  }

  get method(): string {
    return this.#request.method ?? 'GET'
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

  /** Made when it is first asked for, and nobody listens before: most requests end without either. */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal
    const controller = (this.#controller = new AbortController())
    const response = this.#response
    const close = () => {
      if (!response.writableFinished) controller.abort()
    }
    if (response.closed) close()
    else response.once('close', close)
    return controller.signal
  }
}
