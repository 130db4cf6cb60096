import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { WireRequest } from '../wire/wire-request.js'

/** A request of Node's HTTP server in the light form. */
export class NodeRequest implements WireRequest {
  readonly #request: IncomingMessage
  readonly target: string
  readonly readBody: WireRequest['readBody']
  #controller: AbortController | undefined
  #gone = false

  /**
   * @param target path and query as the client sent them; many hosts cut the mount point off `request.url`
   * @param readBody reads the request, or takes what the host has read already
   */
  constructor(request: IncomingMessage, target: string, readBody: WireRequest['readBody']) {
    this.#request = request
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
