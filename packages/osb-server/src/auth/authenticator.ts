/** What an authenticator may look at. */
export interface AuthenticationRequest {
  /** The value of a header by its lower-case name; undefined when it was not sent. */
  header(name: string): string | undefined
  /** The address at the other end of the connection; undefined where the adapter cannot know it. */
  readonly remoteAddress?: string | undefined
  /** The certificate that the client proved to have, in DER form; undefined without one, or where it is not known. */
  readonly clientCertificate?: Uint8Array | undefined
}

/** Who has logged in. */
export interface Login {
  /** A name for handlers and hooks; never a secret. */
  readonly principal?: string | undefined
}

/** Decides whether a request may come in; asked first of all, on each request (AUTH-06, T53). */
export interface Authenticator {
  /** The `WWW-Authenticate` value of the 401 answer, such as `Basic realm="broker"`. */
  readonly challenge: string
  /**
   * @returns who it is, or undefined to refuse the request with 401 (AUTH-07)
   * @throws when the login cannot be checked; an `OsbError` is answered as it is, all else with 500
   */
  authenticate(request: AuthenticationRequest): Promise<Login | undefined> | Login | undefined
}
