import type { BrokerAuth, BrokerAuthHeaders, TokenProvider } from './broker-auth.js'

/** The headers that prove who the client is, for one request. */
export type AuthHeaders = Readonly<Record<string, string>>

/** What is known of the request that is to be authenticated. */
export interface RequestToSign {
  readonly method: string
  readonly url: string
  readonly body: string | undefined
}

/** Authentication in the form that a call needs. */
export interface Authenticator {
  /** A promise only where something must be asked first. */
  headers(request: () => RequestToSign): AuthHeaders | Promise<AuthHeaders>
  /** Whether another try may help after the broker has refused these headers with 401. */
  refresh(refused: AuthHeaders): boolean
  /** What no message may repeat; it changes with the token. */
  readonly secrets: readonly string[]
}

const wrongAuth = "auth must be { username, password }, { token }, { headers } or 'none'"

/**
 * Checks the option and makes it ready for use.
 * @throws {TypeError} when the credentials cannot be written in a header; never repeating them
 */
export function openAuth(auth: BrokerAuth): Authenticator {
  if (auth === 'none') return fixed({}, [])
  if (typeof auth !== 'object' || auth === null) throw new TypeError(wrongAuth)
  if ('token' in auth)
    return typeof auth.token === 'function'
      ? withTokenProvider(auth.token)
      : fixed({ Authorization: bearer(auth.token) }, [auth.token])
  if ('headers' in auth) return withHeaders(auth.headers)
  const { username, password } = auth
  if (typeof username !== 'string' || typeof password !== 'string') throw new TypeError(wrongAuth)
  // RFC 7617: whatever follows the first colon is the password.
  if (username.includes(':')) throw new TypeError('auth.username must not hold a colon')
  const encoded = Buffer.from(`${username}:${password}`).toString('base64')
  return fixed({ Authorization: `Basic ${encoded}` }, [encoded, password])
}

function fixed(headers: AuthHeaders, secrets: readonly string[]): Authenticator {
  return { headers: () => headers, refresh: () => false, secrets }
}

function bearer(token: string): string {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw new TypeError('auth.token must be one word of ASCII characters')
  return `Bearer ${token}`
}

/** A token is asked for once and kept until the broker refuses it; calls at the same time share the question. */
function withTokenProvider(provide: TokenProvider): Authenticator {
  let asked: Promise<AuthHeaders> | undefined
  let kept: AuthHeaders | undefined
  let refusedToken: string | undefined
  const secrets: string[] = []
  const ask = async (): Promise<AuthHeaders> => {
    try {
      const token = await provide({ refused: refusedToken })
      kept = { Authorization: bearer(token) }
      secrets.splice(0, secrets.length, token, ...(refusedToken === undefined ? [] : [refusedToken]))
      return kept
    } finally {
      asked = undefined
    }
  }
  return {
    headers: () => kept ?? (asked ??= ask()),
    refresh({ Authorization = '' }) {
      // Another call may have got a new one since.
      if (kept?.['Authorization'] !== Authorization) return true
      refusedToken = Authorization.slice('Bearer '.length)
      kept = undefined
      return true
    },
    secrets,
  }
}

function withHeaders(provide: BrokerAuthHeaders): Authenticator {
  if (typeof provide !== 'function') throw new TypeError('auth.headers must be a function')
  return {
    headers: async (request) => {
      const given = await provide(request())
      for (const [name, value] of Object.entries(given))
        if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value))
          throw new TypeError('auth.headers must give names and values that fit in headers')
      return given
    },
    refresh: () => false,
    secrets: [],
  }
}
