import type { CheckedCredentials } from './basic-credentials.js'
import { digestText } from './digests.js'

/** Credentials whose passwords are checked by a function. */
export interface VerifiedCredentials extends CheckedCredentials {
  readonly proof: (password: string) => boolean | Promise<boolean>
}

/** The parts of a login as it was sent. */
export interface SentLogin {
  readonly username: string
  readonly password: string
}

const rememberedLogins = 64

/**
 * Slow hashes are meant to be slow, and a platform sends the same login each time: what was right is remembered under
 * its keyed digest, the newest 64. What was wrong is not, so that guesses can neither fill nor probe the memory; the
 * same login sent many times at once is verified once.
 */
export function rememberVerified(credentials: readonly VerifiedCredentials[]) {
  const known = new Map<string, readonly CheckedCredentials[]>()
  const running = new Map<string, Promise<readonly CheckedCredentials[]>>()

  async function verify(key: string, sent: SentLogin): Promise<readonly CheckedCredentials[]> {
    const right = await findRight(credentials, sent)
    if (right.length === 0) return right
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size >= rememberedLogins) known.delete(oldest)
    known.set(key, right)
    return right
  }

  /** The credentials that a login is right for, whether or not they are valid now. */
  return async (digest: Uint8Array, sent: SentLogin): Promise<readonly CheckedCredentials[]> => {
    const key = digestText(digest)
    const right = known.get(key) ?? running.get(key)
    if (right) return right
    const verification = verify(key, sent).finally(() => running.delete(key))
    running.set(key, verification)
    return verification
  }
}

/** Asks all of them, whatever the user name, so that the time does not tell which user names there are. */
async function findRight(
  credentials: readonly VerifiedCredentials[],
  { username, password }: SentLogin,
): Promise<CheckedCredentials[]> {
  const found: CheckedCredentials[] = []
  for (const one of credentials) {
    const isRight: unknown = await one.proof(password)
    if (isRight === true && one.username === username) found.push(one)
  }
  return found
}
