import { createHash } from 'node:crypto'
import { isPassword, readUsers, usersVersion } from './user-file.js'

/**
 * Checks logins against the users file as it is at that moment: a removed user is refused with the next request.
 * Password hashing is slow on purpose, so what was found right is remembered until the file changes.
 * @param {string} folder
 */
export function watchLogins(folder) {
  let version = ''
  /** @type {import('./user-file.js').Users} */
  let users = {}
  /** @type {Set<string>} */
  let known = new Set()

  /** @param {string | undefined} authorization value of the header */
  return async function isLogin(authorization) {
    const login = parseBasic(authorization)
    if (!login) return false
    const now = await usersVersion(folder)
    if (now !== version) {
      users = await readUsers(folder)
      known = new Set()
      version = now
    }
    const user = Object.hasOwn(users, login.name) ? users[login.name] : undefined
    if (!user) return false
    const key = createHash('sha256').update(`${user.hash} ${login.name} ${login.password}`).digest('base64')
    if (known.has(key)) return true
    const remembered = known
    if (!(await isPassword(user, login.password))) return false
    remembered.add(key)
    return true
  }
}

/** @param {string | undefined} header */
function parseBasic(header) {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
