import type { AuthenticationRequest, Authenticator } from './authenticator.js'
import { loginOf } from './login-of.js'

/**
 * Finds out whose token it is.
 * @returns a non-empty name for handlers and hooks, or undefined to refuse the token
 * @throws when the token cannot be checked now; an `OsbError` is answered as it is, all else with 500
 */
export type VerifyToken = (token: string) => Promise<string | undefined> | string | undefined

export interface BearerAuthOptions {
  readonly verify: VerifyToken
}

/**
 * Bearer tokens, for platforms that agreed on them (AUTH-05).
 * @example bearerAuth({ verify: jwtVerifier({ jwksUrl, issuer, audience }) }) // from osb-server/jwt
 */
export function bearerAuth({ verify }: BearerAuthOptions): Authenticator {
  if (typeof verify !== 'function') throw new TypeError('bearerAuth needs a function verify')
  return {
    challenge: 'Bearer realm="service broker"',
    async authenticate(request: AuthenticationRequest) {
      const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(request.header('authorization') ?? '')?.[1]
      return token === undefined ? undefined : loginOf(await verify(token))
    },
  }
}
