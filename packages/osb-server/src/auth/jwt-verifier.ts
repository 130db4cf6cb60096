import type { KeyObject, webcrypto } from 'node:crypto'
import type { JSONWebKeySet, JWTVerifyGetKey, JWTVerifyOptions } from 'jose'
import { OsbError } from '../errors.js'
import { isSecret, type Secret } from '../secret.js'
import type { VerifyToken } from './bearer-auth.js'

/** A key in JSON form (RFC 7517). */
export interface JsonWebKey {
  readonly kty: string
  readonly [member: string]: unknown
}

/** Where the keys come from that tokens are signed with. */
export type KeySource =
  | {
      /** Address of the issuer's key set; https, or http on this machine. Fetched when needed, then kept. */
      readonly jwksUrl: string | URL
    }
  | { readonly jwks: { readonly keys: readonly JsonWebKey[] } }
  | {
      /** A public key, or the text of a shared secret for the HMAC algorithms. */
      readonly key: KeyObject | webcrypto.CryptoKey | JsonWebKey | Secret
    }

export type JwtVerifierOptions = KeySource & {
  /** Who has to have issued a token (`iss`); one of them, if a list. */
  readonly issuer: string | readonly string[]
  /** Whom a token has to be meant for (`aud`); one of them, if a list. */
  readonly audience: string | readonly string[]
  /**
   * Whose token it is, by its claims, which are verified then; undefined refuses it, for instance when a scope is
   * missing. Default: `sub`.
   */
  readonly principalOf?: ((claims: JwtClaims) => string | undefined) | undefined
  /** Seconds that clocks may differ by. Default 30. */
  readonly clockToleranceSeconds?: number | undefined
}

/** The claims of a verified token. */
export interface JwtClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  /** Seconds since 1970. */
  readonly exp?: number
  readonly [claim: string]: unknown
}

type Jose = typeof import('jose')
type Verify = (token: string, expected: JWTVerifyOptions) => Promise<JwtClaims | undefined>

const fetchTimeoutMs = 5_000
const minimumSecretBytes = 32

/** What jose says when the keys, not the token, are at fault. */
const faultsOfKeys: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JWK_INVALID'])

/**
 * Makes the `verify` function of `bearerAuth` for JSON Web Tokens: signature, issuer, audience and times are checked;
 * a token has to have an end (`exp`) and must not be unsigned. Needs the package `jose`.
 * @throws {TypeError} when an option is missing or not valid. The function answers 503 when the keys cannot be had.
 * @example
 * const verify = jwtVerifier({ jwksUrl: 'https://uaa.example/token_keys', issuer: 'https://uaa.example/oauth/token', audience: 'broker' })
 * createBroker({ auth: bearerAuth({ verify }), … })
 */
export function jwtVerifier(options: JwtVerifierOptions): VerifyToken {
  const { principalOf = ({ sub }) => sub, clockToleranceSeconds = 30 } = options
  const expected: JWTVerifyOptions = {
    issuer: namesOf(options.issuer, 'issuer'),
    audience: namesOf(options.audience, 'audience'),
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp'],
  }
  const verify = verifyWith(options)
  return async (token) => {
    const claims = await verify(token, expected)
    return claims && principalOf(claims)
  }
}

function namesOf(names: string | readonly string[], option: string): string[] {
  const list: readonly unknown[] = [names].flat()
  if (list.length === 0 || !list.every((name) => typeof name === 'string' && name !== ''))
    throw new TypeError(`jwtVerifier needs the option ${option}: tokens made for others must not be taken`)
  return list as string[]
}

function verifyWith(source: KeySource): Verify {
  if ('key' in source) return verifyWithKey(keyOf(source.key))
  if ('jwks' in source) return verifyWithSet(({ createLocalJWKSet }) => createLocalJWKSet(source.jwks as JSONWebKeySet))
  const url = keySetUrl(source.jwksUrl)
  return verifyWithSet(({ createRemoteJWKSet }) => createRemoteJWKSet(url, { timeoutDuration: fetchTimeoutMs }))
}

/** The key is here, so that whatever goes wrong is the token's fault, an algorithm that is not the key's included. */
function verifyWithKey(key: KeyObject | Uint8Array): Verify {
  return async (token, expected) => {
    const { jwtVerify } = await loadJose()
    return jwtVerify(token, key, expected).then(
      ({ payload }) => payload,
      () => undefined,
    )
  }
}

function verifyWithSet(makeSet: (jose: Jose) => JWTVerifyGetKey): Verify {
  let set: JWTVerifyGetKey | undefined
  return async (token, expected) => {
    const jose = await loadJose()
    try {
      set ??= makeSet(jose)
      return (await jose.jwtVerify(token, set, expected)).payload
    } catch (cause) {
      if (isFaultOfToken(jose, cause)) return undefined
      throw new OsbError({ code: 'Unavailable', status: 503, description: 'Logins cannot be checked now.', cause })
    }
  }
}

function isFaultOfToken({ errors }: Jose, error: unknown): boolean {
  // The plain class is what a key set that cannot be read gives; what is no JOSEError, one that cannot be reached.
  return error instanceof errors.JOSEError && error.code !== errors.JOSEError.code && !faultsOfKeys.has(error.code)
}

/** Loaded when needed, as the package has no CommonJS form. */
function loadJose(): Promise<Jose> {
  return import('jose')
}

function keyOf(key: Extract<KeySource, { key: unknown }>['key']): KeyObject | Uint8Array {
  if (!isSecret(key)) return key as KeyObject // whatever of the three it is, jose tells them apart itself
  const bytes = new TextEncoder().encode(key.reveal())
  if (bytes.length < minimumSecretBytes)
    throw new TypeError(`jwtVerifier: a shared secret needs ${minimumSecretBytes} bytes or more (RFC 7518, 3.2)`)
  return bytes
}

function keySetUrl(address: string | URL): URL {
  const url = new URL(address)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) return url
  throw new TypeError('jwtVerifier: jwksUrl must be an https address, as its keys decide who may come in')
}
