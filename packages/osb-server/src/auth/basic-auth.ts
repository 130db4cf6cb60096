import type { AuthenticationRequest, Authenticator, Login } from './authenticator.js'
import { areValid, type BasicCredentials, type CheckedCredentials, checkCredentials } from './basic-credentials.js'
import { createKeyedDigest, equalDigests, type KeyedDigest } from './digests.js'
import { rememberVerified, type SentLogin, type VerifiedCredentials } from './verified-passwords.js'

interface DigestedCredentials {
  readonly credentials: CheckedCredentials
  readonly digest: Uint8Array
}

const rememberedHeaders = 64

/**
 * HTTP basic authentication (AUTH-04). Several credentials can be valid at the same time, so that a platform can move
 * from the old to the new one; texts are UTF-8. A login is compared by fixed-length digests with every one of them.
 * @returns an authenticator whose principal is that of the credentials, by default the user name
 * @throws {TypeError} when there are no credentials, or one is not complete or valid
 * @example
 * basicAuth([
 *   { username: 'platform', password: newPassword },
 *   { username: 'platform', password: oldPassword, notAfter: new Date('2030-01-31') },
 *   { username: 'ci', verify: scryptPassword(hash), principal: 'pipeline' }, // from osb-server/node
 * ])
 */
export function basicAuth(credentials: BasicCredentials | readonly BasicCredentials[]): Authenticator {
  const checked = ([credentials].flat() as readonly BasicCredentials[]).map(checkCredentials)
  if (checked.length === 0) throw new TypeError('basicAuth needs at least one user name and password')
  const verified = checked.filter(isVerified)
  const findVerified = verified.length > 0 ? rememberVerified(verified) : undefined
  const headers = rememberHeaders()
  let digested: ReturnType<typeof digestAll> | undefined

  return {
    challenge: 'Basic realm="service broker", charset="UTF-8"',
    authenticate(request: AuthenticationRequest) {
      const header = request.header('authorization')
      if (header === undefined) return undefined
      const before = headers.find(header)
      return (before && findLogin(before.known, before.digest)) ?? check(header)
    },
  }

  async function check(header: string): Promise<Login | undefined> {
    const bytes = decodeHeader(header)
    if (!bytes) return undefined
    digested ??= digestAll(checked)
    const { digestOf, known } = await digested
    const digest = await digestOf(bytes)
    const login = findLogin(known, digest)
    if (login) headers.keep(header, { known, digest })
    if (login || !findVerified) return login
    const parts = splitLogin(bytes)
    return parts && newestValid(await findVerified(digest, parts))
  }
}

function isVerified(credentials: CheckedCredentials): credentials is VerifiedCredentials {
  return typeof credentials.proof === 'function'
}

async function digestAll(checked: readonly CheckedCredentials[]) {
  const digestOf: KeyedDigest = await createKeyedDigest()
  const known: DigestedCredentials[] = []
  for (const credentials of checked)
    if (typeof credentials.proof !== 'function') known.push({ credentials, digest: await digestOf(credentials.proof) })
  return { digestOf, known }
}

/** Compares with every credential, to the end, so that the time tells nothing about which one was how near. */
function findLogin(known: readonly DigestedCredentials[], sent: Uint8Array): Login | undefined {
  const nowMs = Date.now()
  let found: Login | undefined
  for (const { credentials, digest } of known) {
    const isRight = equalDigests(digest, sent)
    if (isRight && areValid(credentials, nowMs)) found = credentials.login
  }
  return found
}

function newestValid(right: readonly CheckedCredentials[]): Login | undefined {
  const nowMs = Date.now()
  return right.findLast((credentials) => areValid(credentials, nowMs))?.login
}

/** The digest of a header that was right, and those that it is compared with. */
interface KnownHeader {
  readonly digest: Uint8Array
  readonly known: readonly DigestedCredentials[]
}

/**
 * Hashing costs more than all the rest of a login, and a platform sends the same header each time. Only headers that
 * were right are remembered: nobody can fill or probe the memory with guesses. Those of passwords that this process
 * knows as hashes only are not.
 */
function rememberHeaders() {
  const headers = new Map<string, KnownHeader>()
  return {
    find: (header: string): KnownHeader | undefined => headers.get(header),
    keep(header: string, known: KnownHeader): void {
      if (headers.size < rememberedHeaders) headers.set(header, known)
    },
  }
}

function decodeHeader(header: string): Uint8Array<ArrayBuffer> | undefined {
  const base64 = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1]
  if (base64 === undefined) return undefined
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined // a length that no Base64 text has
  }
}

function splitLogin(bytes: Uint8Array): SentLogin | undefined {
  const colon = bytes.indexOf(':'.charCodeAt(0))
  if (colon < 0) return undefined
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { username: decoder.decode(bytes.subarray(0, colon)), password: decoder.decode(bytes.subarray(colon + 1)) }
  } catch {
    return undefined // no UTF-8
  }
}
