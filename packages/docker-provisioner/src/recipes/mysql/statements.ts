import { createHash } from 'node:crypto'
import type { Flavour } from './start-script.js'

export const adminName = 'osbadmin'
const admin = `'${adminName}'@'localhost'`
const account = (username: string) => `'${username}'@'%'`

/** What MariaDB stores of a password and takes in place of it. */
function nativeHash(password: string): string {
  const sha1 = (data: Buffer | string) => createHash('sha1').update(data).digest()
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`
}

/** MySQL 8 takes the password itself, and keeps it out of its logs. Passwords are `[A-Za-z0-9_-]`, so unescaped. */
function identified({ name }: Flavour, password: string): string {
  if (name === 'mariadb') return `IDENTIFIED VIA mysql_native_password USING '${nativeHash(password)}'`
  return `IDENTIFIED WITH caching_sha2_password BY '${password}'`
}

/** Run by the server at each start before anybody can connect: the administrator by socket only, and nobody else. */
export function initStatements(flavour: Flavour, adminPassword: string): string {
  const login = identified(flavour, adminPassword)
  return [
    `CREATE USER IF NOT EXISTS ${admin} ${login};`,
    `ALTER USER ${admin} ${login};`,
    `GRANT ALL PRIVILEGES ON *.* TO ${admin} WITH GRANT OPTION;`,
    "DROP USER IF EXISTS 'root'@'localhost', 'root'@'127.0.0.1', 'root'@'::1', 'root'@'%';",
    '',
  ].join('\n')
}

export interface NewLogin {
  readonly username: string
  readonly password: string
  readonly readOnly: boolean
  /** 0: no bound of its own. */
  readonly connections: number
}

/** Makes a login with rights on the instance's database only, and without the right to give them away. */
export function bindStatements(flavour: Flavour, database: string, login: NewLogin): string {
  const user = account(login.username)
  const identification = identified(flavour, login.password)
  const rights = login.readOnly ? 'SELECT, SHOW VIEW' : 'ALL PRIVILEGES'
  return [
    `CREATE USER IF NOT EXISTS ${user} ${identification};`,
    `ALTER USER ${user} ${identification} WITH MAX_USER_CONNECTIONS ${login.connections} ACCOUNT UNLOCK;`,
    `GRANT ${rights} ON \`${database}\`.* TO ${user};`,
    '',
  ].join('\n')
}

export function lockStatements(username: string): string {
  return `ALTER USER IF EXISTS ${account(username)} ACCOUNT LOCK;\n`
}

/** Ids of the login's sessions, one a line. */
export function sessionsQuery(username: string): string {
  return `SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '${username}';\n`
}

/** How many views, routines, triggers and events run with the login's rights. */
export function definedQuery(username: string): string {
  const tables = ['VIEWS', 'ROUTINES', 'TRIGGERS', 'EVENTS']
  const counts = tables.map(
    (table) => `(SELECT COUNT(*) FROM information_schema.${table} WHERE DEFINER = '${username}@%')`,
  )
  return `SELECT ${counts.join(' + ')};\n`
}

export function dropStatements(username: string): string {
  return `DROP USER IF EXISTS ${account(username)};\n`
}

/** Keeps the locked login without a password that anybody knows: what it defined runs with its rights. */
export function retireStatements(flavour: Flavour, username: string, unknownPassword: string): string {
  return `ALTER USER ${account(username)} ${identified(flavour, unknownPassword)} ACCOUNT LOCK;\n`
}
