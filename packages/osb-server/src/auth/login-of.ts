import type { Login } from './authenticator.js'

/** The login that a user's verify function decided on. Anything but a name refuses: what it forgot must not let in. */
export function loginOf(principal: unknown): Login | undefined {
  return typeof principal === 'string' && principal !== '' ? { principal } : undefined
}
