import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** @typedef {{ salt: string, hash: string }} User */
/** @typedef {Record<string, User>} Users */

const derive = /** @type {(password: string, salt: Buffer, size: number) => Promise<Buffer>} */ (promisify(scrypt))

const hashBytes = 32
const lockStaleMs = 10_000

/** @param {string} folder */
const userFile = (folder) => join(folder, 'users.json')

/** @param {string} name */
export const isUserName = (name) => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)

/** @param {string} password @returns {Promise<User>} */
export async function hashPassword(password) {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, hashBytes)
  return { salt: salt.toString('base64'), hash: hash.toString('base64') }
}

/** @param {User} user @param {string} password */
export async function isPassword(user, password) {
  const hash = await derive(password, Buffer.from(user.salt, 'base64'), hashBytes)
  return timingSafeEqual(hash, Buffer.from(user.hash, 'base64'))
}

/** @param {string} folder @returns {Promise<Users>} */
export async function readUsers(folder) {
  try {
    return JSON.parse(await readFile(userFile(folder), 'utf8'))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {}
    throw error
  }
}

/** Changes with every write of the users file; cheap. @param {string} folder */
export async function usersVersion(folder) {
  try {
    const { ino, mtimeMs, size } = await stat(userFile(folder))
    return `${ino} ${mtimeMs} ${size}`
  } catch {
    return 'none'
  }
}

/**
 * Changes the users file: one writer at a time, and readers see the old file or the new one, whole.
 * @param {string} folder
 * @param {(users: Users) => Users} change
 */
export async function changeUsers(folder, change) {
  await withLock(`${userFile(folder)}.lock`, async () => {
    const temporary = `${userFile(folder)}.new`
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(change(await readUsers(folder)), null, 1)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, userFile(folder))
  })
}

/** @param {string} lock @param {() => Promise<void>} body */
async function withLock(lock, body) {
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  ) {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    // Whoever held it was killed.
    if (age > lockStaleMs) await rm(lock, { recursive: true, force: true })
    await sleep(20)
  }
  try {
    await body()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}
