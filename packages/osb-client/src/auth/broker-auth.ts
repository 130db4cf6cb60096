/**
 * Gives a bearer token, from wherever it comes. It is asked once, and again after the broker has refused the token with
 * 401; `refused` is then that token, so that a cache is not asked for the same again.
 */
export type TokenProvider = (why: { readonly refused: string | undefined }) => string | Promise<string>

/** Gives the headers that authenticate one request; asked for every request, so it may sign them. */
export type BrokerAuthHeaders = (request: {
  readonly method: string
  /** The whole URL, query included. */
  readonly url: string
  readonly body: string | undefined
}) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/**
 * How the client proves who it is: HTTP basic (AUTH-04), a bearer token or what gives one (AUTH-05), headers of any
 * other mechanism, or not at all.
 */
export type BrokerAuth =
  | { readonly username: string; readonly password: string }
  | { readonly token: string | TokenProvider }
  | { readonly headers: BrokerAuthHeaders }
  | 'none'
