import type { StorageAccess, StorageRules } from '../recipe.js'
import { endSessions, type Query } from './end-sessions.js'

/** What stays while there is too much: DROP is also the right to truncate. */
const restrictedRights = 'SELECT, DELETE, DROP, SHOW VIEW, LOCK TABLES, EXECUTE'
/** Free space inside of a table from which on it is worth to make the table anew, in bytes. */
const worthBytes = 1024 * 1024

/**
 * Bounds an instance's data by the rights of its logins. Their sessions end, since a session keeps its rights on the
 * database that it uses. Logins that are kept as definers are restricted, too: what they defined writes with their rights.
 */
export function storageRules(query: Query, tablespaces: string): StorageRules {
  /** Logins that may delete, which tells them from those that may read only, and may or may not insert. */
  const logins = async (input: StorageAccess, mayInsert: boolean) => {
    const rights = `Delete_priv = 'Y' AND Insert_priv = '${mayInsert ? 'Y' : 'N'}'`
    const where = `Db = '${input.database}' AND Host = '%' AND ${rights}`
    return lines(await query(input, `SELECT User FROM mysql.db WHERE ${where};\n`)).filter((name) =>
      /^[a-z0-9]+$/.test(name),
    )
  }
  const change = async (input: StorageAccess, names: readonly string[], rights: string) => {
    const on = `ON \`${input.database}\`.*`
    const statements = names.map(
      (name) => `REVOKE ALL PRIVILEGES ${on} FROM '${name}'@'%';\nGRANT ${rights} ${on} TO '${name}'@'%';\n`,
    )
    if (statements.length > 0) await query(input, statements.join(''))
    for (const name of names) await endSessions(query, input, name, 'present')
  }
  return {
    async measure(input) {
      const files = `SELECT COALESCE(SUM(FILE_SIZE), 0) FROM information_schema.${tablespaces} WHERE NAME LIKE '${input.database}/%'`
      const others = `SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${input.database}' AND ENGINE <> 'InnoDB'`
      return Number((await query(input, `SELECT (${files}) + (${others});\n`)).trim())
    },
    async restrict(input) {
      await change(input, await logins(input, true), restrictedRights)
      await shrink(query, input)
    },
    async release(input) {
      await change(input, await logins(input, false), 'ALL PRIVILEGES')
    },
  }
}

/** Files do not get smaller when rows are deleted, so whoever deletes would stay over the bound. */
async function shrink(query: Query, input: StorageAccess): Promise<void> {
  const { database } = input
  const where = `TABLE_SCHEMA = '${database}' AND TABLE_TYPE = 'BASE TABLE' AND DATA_FREE > ${worthBytes}`
  const names = lines(await query(input, `SELECT TABLE_NAME FROM information_schema.TABLES WHERE ${where};\n`))
  const quoted = names.map((name) => `\`${database}\`.\`${name.replaceAll('`', '``')}\``)
  if (quoted.length > 0) await query(input, quoted.map((name) => `OPTIMIZE LOCAL TABLE ${name};\n`).join(''))
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
