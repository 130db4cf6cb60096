import type { Authenticator } from './authenticator.js'

/**
 * Lets in whom any of several authenticators lets in, asked in order; the 401 answer offers the challenges of all.
 * @throws {TypeError} when there is none
 * @example anyOf(basicAuth(login), bearerAuth({ verify }))
 */
export function anyOf(...authenticators: readonly Authenticator[]): Authenticator {
  if (authenticators.length === 0) throw new TypeError('anyOf needs at least one authenticator')
  return {
    challenge: authenticators.map(({ challenge }) => challenge).join(', '),
    async authenticate(request) {
      for (const authenticator of authenticators) {
        const login = await authenticator.authenticate(request)
        if (login) return login
      }
      return undefined
    },
  }
}
