/**
 * Logins by JSON Web Tokens, such as those of a UAA, for `bearerAuth`. Needs the package `jose`.
 * @module
 */
export {
  type JsonWebKey,
  type JwtClaims,
  jwtVerifier,
  type JwtVerifierOptions,
  type KeySource,
} from './auth/jwt-verifier.js'
export type { VerifyToken } from './auth/bearer-auth.js'
export type { Secret } from './secret.js'
