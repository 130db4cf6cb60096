import { revealed, type Secret } from '../secret.js'
import type { Login } from './authenticator.js'

/** One login, by a password or by a function that knows it from its hash. */
export type BasicCredentials = {
  /** Non-empty, without a colon, which would end it. Case-sensitive. */
  readonly username: string
  /** When these credentials begin to be valid. Default: they are. */
  readonly notBefore?: Date | undefined
  /** When these credentials end to be valid. Default: never. */
  readonly notAfter?: Date | undefined
  /** What handlers and hooks know the caller by. Default: the user name. */
  readonly principal?: string | undefined
} & (
  | {
      /** Non-empty; `secret(…)` keeps it out of logs. */
      readonly password: string | Secret
      readonly verify?: undefined
    }
  | {
      /**
       * Whether a password is the right one, for passwords that are kept as slow hashes, such as
       * `scryptPassword(hash)` of `osb-server/node`. Called with any user's password; once it has said `true`, the
       * same login is let in without it.
       */
      readonly verify: (password: string) => boolean | Promise<boolean>
      readonly password?: undefined
    }
)

/** Credentials that were found to be complete, as they are compared. */
export interface CheckedCredentials {
  readonly username: string
  readonly login: Login
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** The user name and the password as a header has them, or how to find out whether a password is right. */
  readonly proof: Uint8Array<ArrayBuffer> | ((password: string) => boolean | Promise<boolean>)
}

/** @throws {TypeError} when a part is missing or not valid; it never names a password */
export function checkCredentials(credentials: BasicCredentials): CheckedCredentials {
  const { username, notBefore, notAfter, principal = username } = credentials
  if (typeof username !== 'string' || username === '') throw new TypeError('basicAuth needs a non-empty user name')
  if (username.includes(':')) throw new TypeError('basicAuth: a user name cannot have a colon')
  return {
    username,
    login: { principal },
    notBeforeMs: timeOf(notBefore, 'notBefore', -Infinity),
    notAfterMs: timeOf(notAfter, 'notAfter', Infinity),
    proof: proofOf(credentials),
  }
}

/** Whether credentials count at a time. */
export function areValid({ notBeforeMs, notAfterMs }: CheckedCredentials, nowMs: number): boolean {
  return nowMs >= notBeforeMs && nowMs < notAfterMs
}

function proofOf({ username, password, verify }: BasicCredentials): CheckedCredentials['proof'] {
  if (verify !== undefined && password !== undefined)
    throw new TypeError('basicAuth needs a password or a function that verifies it, not both')
  if (verify !== undefined) {
    if (typeof verify !== 'function') throw new TypeError('basicAuth: verify must be a function')
    return verify
  }
  const text: unknown = password === undefined ? undefined : revealed(password)
  if (typeof text !== 'string' || text === '') throw new TypeError('basicAuth needs a non-empty password')
  return new TextEncoder().encode(`${username}:${text}`)
}

function timeOf(date: Date | undefined, name: string, otherwise: number): number {
  if (date === undefined) return otherwise
  const ms = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(ms)) throw new TypeError(`basicAuth: ${name} must be a valid Date`)
  return ms
}
