import { mkdir } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { changeUsers, hashPassword, isUserName } from './user-file.js'

const usage = 'usage: node src/users.js add NAME (password on stdin) | remove NAME'
const maxPasswordLength = 1024

const folder = process.env.DATA_DIR ?? 'data'
const [action, name = '', ...rest] = process.argv.slice(2)

if (rest.length > 0 || !isUserName(name) || (action !== 'add' && action !== 'remove')) fail(usage)
await mkdir(folder, { recursive: true })
if (action === 'add') await add(name)
else await changeUsers(folder, (users) => without(users, name))

/** Adds the user or gives it a new password. @param {string} userName */
async function add(userName) {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password === '' || password.length > maxPasswordLength) fail('the password must come by stdin')
  const user = await hashPassword(password)
  await changeUsers(folder, (users) => ({ ...users, [userName]: user }))
}

/** @param {import('./user-file.js').Users} users @param {string} userName */
function without(users, userName) {
  return Object.fromEntries(Object.entries(users).filter(([key]) => key !== userName))
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message)
  process.exit(2)
}
