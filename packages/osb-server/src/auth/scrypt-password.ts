import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'
import { revealed, type Secret } from '../secret.js'

/** 32 MiB and three passes: OWASP's advice for scrypt. */
const cost = { ln: 15, r: 8, p: 3 }
const saltBytes = 16
const hashBytes = 32
/** What a hash from a configuration may ask for. */
const maximumMemoryBytes = 2 ** 30

interface ParsedHash {
  readonly salt: Buffer
  readonly hash: Buffer
  readonly options: ScryptOptions
}

/**
 * Hashes a password so that it need not stand in a configuration; takes about a quarter of a second.
 * @returns a text of the form `$scrypt$ln=15,r=8,p=3$salt$hash`
 * @example console.log(await hashPassword(process.argv[2]))
 */
export async function hashPassword(password: string | Secret): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(revealed(password), salt, hashBytes, optionsOf(cost.ln, cost.r, cost.p))
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`
}

/**
 * Makes the `verify` function of `basicAuth` from what `hashPassword` returned. Each wrong login costs as much as a
 * right one does once, so set `rateLimit` with it.
 * @throws {TypeError} when it is no such text, or asks for more than 1 GiB of memory
 * @example basicAuth({ username: 'platform', verify: scryptPassword(process.env.BROKER_PASSWORD_HASH) })
 */
export function scryptPassword(hash: string | undefined): (password: string) => Promise<boolean> {
  const expected = parseHash(hash ?? '')
  return async (password) =>
    timingSafeEqual(await derive(password, expected.salt, expected.hash.length, expected.options), expected.hash)
}

function parseHash(text: string): ParsedHash {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+={0,2})\$([\w+/-]+={0,2})$/.exec(text)
  const [ln = 0, r = 0, p = 0] = match?.slice(1, 4).map(Number) ?? []
  const salt = Buffer.from(match?.[4] ?? '', 'base64')
  const hash = Buffer.from(match?.[5] ?? '', 'base64')
  if (ln < 1 || r < 1 || p < 1 || hash.length < 16)
    throw new TypeError('a password hash must have the form that hashPassword writes: $scrypt$ln=15,r=8,p=3$salt$hash')
  const options = optionsOf(ln, r, p)
  if ((options.maxmem ?? 0) > maximumMemoryBytes) throw new TypeError('a password hash asks for too much memory')
  return { salt, hash, options }
}

function optionsOf(ln: number, r: number, p: number): ScryptOptions {
  // Node refuses what needs more than maxmem; the algorithm needs 128 × r × (N + p) bytes.
  return { N: 2 ** ln, r, p, maxmem: 128 * r * (2 ** ln + p) + 2 ** 20 }
}

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
