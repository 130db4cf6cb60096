import type { AuthenticationRequest, Authenticator, Login } from './authenticator.js'

/** One login. Both parts are non-empty; a user name has no colon, which would end it. */
export interface BasicCredentials {
  readonly username: string
  readonly password: string
}

interface ActiveCredentials {
  readonly login: Login
  readonly digest: Promise<Uint8Array>
}

const rememberedHeaders = 64

/**
 * HTTP basic authentication (AUTH-04). Several credentials are all valid at the same time, so that a platform can
 * move from the old to the new one. User names are case-sensitive; texts are UTF-8.
 * @returns an authenticator whose principal is the user name
 * @throws {TypeError} when there are no credentials, or one lacks a part or has a colon in its user name
 * @example basicAuth([{ username: 'platform', password: newPassword }, { username: 'platform', password: oldPassword }])
 */
export function basicAuth(credentials: BasicCredentials | readonly BasicCredentials[]): Authenticator {
  const list = [credentials].flat() as readonly BasicCredentials[]
  if (list.length === 0) throw new TypeError('basicAuth needs at least one user name and password')
  const active = list.map(activate)
  const digestOf = rememberDigests()
  return {
    challenge: 'Basic realm="service broker", charset="UTF-8"',
    async authenticate(request: AuthenticationRequest) {
      const header = request.header('authorization')
      const candidate = header === undefined ? undefined : await digestOf.find(header)
      if (header === undefined || candidate === undefined) return undefined
      const login = await findLogin(active, candidate)
      if (login) digestOf.keep(header, candidate)
      return login
    },
  }
}

function activate({ username, password }: BasicCredentials): ActiveCredentials {
  if (!username || !password) throw new TypeError('basicAuth needs a non-empty user name and password')
  if (username.includes(':')) throw new TypeError('basicAuth: a user name cannot have a colon')
  return { login: { principal: username }, digest: sha256(new TextEncoder().encode(`${username}:${password}`)) }
}

/** Compares with every credential, to the end, so that the time tells nothing about which one was how near. */
async function findLogin(active: readonly ActiveCredentials[], candidate: Uint8Array): Promise<Login | undefined> {
  let found: Login | undefined
  for (const { login, digest } of active) if (equalDigests(await digest, candidate)) found = login
  return found
}

function equalDigests(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0
  for (let index = 0; index < one.length; index++) difference |= (one[index] ?? 0) ^ (other[index] ?? 0)
  return difference === 0
}

/**
 * Hashing costs more than all the rest of a login, and a platform sends the same header each time. Only headers that
 * were right are remembered: nobody can fill or probe the memory with guesses.
 */
function rememberDigests() {
  const known = new Map<string, Uint8Array>()
  return {
    async find(header: string): Promise<Uint8Array | undefined> {
      return known.get(header) ?? digestOfHeader(header)
    },
    keep(header: string, digest: Uint8Array): void {
      if (known.size < rememberedHeaders) known.set(header, digest)
    },
  }
}

async function digestOfHeader(header: string): Promise<Uint8Array | undefined> {
  const base64 = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1]
  if (base64 === undefined) return undefined
  try {
    return await sha256(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
  } catch {
    return undefined // a length that no Base64 text has
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
