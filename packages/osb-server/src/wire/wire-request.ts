/** A body that the host of the broker has already parsed from JSON. */
export interface ParsedBody {
  readonly parsed: unknown
}

/** An HTTP request in the light form that adapters hand to `Broker.handle`. */
export interface WireRequest {
  /** In upper case, such as `PUT`. */
  readonly method: string
  /** Path and query as they were received, still percent-encoded (T33). */
  readonly target: string
  /** The value of a header by its lower-case name; undefined when it was not sent. */
  header(name: string): string | undefined
  /** The address at the other end of the connection; undefined where it is not known. */
  readonly remoteAddress?: string | undefined
  /**
   * The certificate that the client showed on this connection, in DER form, if an authority that the server trusts has
   * signed it.
   */
  readonly clientCertificate?: Uint8Array | undefined
  /**
   * Reads the body; called at most once, and only for operations that have one.
   * @throws {OsbError} 413 when it is longer than `limitBytes`
   */
  readBody(limitBytes: number): Promise<Uint8Array | string | ParsedBody>
  /** Aborts when the platform disconnects; may be made when it is first asked for. */
  readonly signal: AbortSignal
}

/** What an adapter sends. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text, or bytes that nobody may change; undefined for answers without a body: 304, and all answers to HEAD. */
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
}
