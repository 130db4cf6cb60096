import { randomBytes } from 'node:crypto'
import { portOpen } from '../../ready/port-open.js'
import { type DatabaseRecipeOptions, isReadOnly, plansOf, readOnlyParameter, uriHost } from '../database-recipe.js'
import { defineRecipe, type Recipe } from '../recipe.js'
import { endSessions, queryOf } from './end-sessions.js'
import { defaultConnections, type Flavour, mariadb, mysql, socket, startScript } from './start-script.js'
import { storageRules } from './storage.js'
import {
  adminName,
  bindStatements,
  definedQuery,
  dropStatements,
  initStatements,
  lockStatements,
  retireStatements,
} from './statements.js'

const defaultPlans = {
  small: { memoryMb: 512, cpus: 0.5, pids: 256, connections: defaultConnections },
  large: { memoryMb: 2048, cpus: 2, pids: 512, connections: 200 },
}

/**
 * MariaDB 10.6 and newer. Each instance is a server with one database; each binding is a login with rights on it, with
 * the parameter `read_only` to read only. Unbind locks the login, ends its sessions and drops it; a login that defined
 * views, routines, triggers or events stays, locked for ever, as they run with its rights.
 * Plans: memory sets the buffer pool; `connections`, `connectionsPerBinding` and `storageMb` are held.
 * Credentials: `uri`, `jdbcUrl`, `host`, `port`, `database`, `username`, `password`.
 * @example dockerOffering(mariadbRecipe({ image: 'mariadb:11.4' }), { engine, id, name: 'mariadb', plans, … })
 */
export function mariadbRecipe<const PlanName extends string = 'small' | 'large'>(
  options: DatabaseRecipeOptions<PlanName> = {},
): Recipe<PlanName> {
  return recipeOf(mariadb, 'mariadb:11.4', options)
}

/** MySQL 8; otherwise like `mariadbRecipe`. Not yet run on MySQL 8: its tests had no image of it. */
export function mysqlRecipe<const PlanName extends string = 'small' | 'large'>(
  options: DatabaseRecipeOptions<PlanName> = {},
): Recipe<PlanName> {
  return recipeOf(mysql, 'mysql:8.4', options)
}

function recipeOf<PlanName extends string>(
  flavour: Flavour,
  image: string,
  options: DatabaseRecipeOptions<PlanName>,
): Recipe<PlanName> {
  const query = queryOf(flavour.client)
  return defineRecipe<PlanName>({
    name: flavour.name,
    image: options.image ?? image,
    ...(options.user && { user: options.user }),
    ...(options.versions && { versions: options.versions }),
    ports: { mysql: 3306 },
    volumes: { data: '/data' },
    secrets: ['admin'],
    secretFiles: ({ secrets: { admin = '' } }) => ({
      'init.sql': initStatements(flavour, admin),
      'client.cnf': `[client]\nuser=${adminName}\npassword=${admin}\nsocket=${socket}\n`,
    }),
    process: ({ place, limits }) => ({ command: ['sh', '-c', startScript(flavour, place, limits)] }),
    ready: portOpen('mysql'),
    plans: plansOf(options, defaultPlans),
    parameters: readOnlyParameter,
    storage: storageRules(query, flavour.tablespaces),
    async prepare(input) {
      await query(input, `CREATE DATABASE IF NOT EXISTS \`${input.database}\` CHARACTER SET utf8mb4;\n`)
    },
    async bind(input) {
      const { host, ports, database, username, password, limits } = input
      const connections = limits.connectionsPerBinding ?? 0
      const login = { username, password, readOnly: isReadOnly(input), connections }
      await query(input, bindStatements(flavour, database, login))
      const port = ports['mysql'] ?? 0
      const place = `${uriHost(host)}:${port}/${database}`
      const uri = `mysql://${username}:${password}@${place}`
      const jdbcUrl = `jdbc:${flavour.name}://${place}?user=${username}&password=${password}`
      return { credentials: { uri, jdbcUrl, host, port, database, username, password } }
    },
    async unbind(input) {
      const { username } = input
      await query(input, lockStatements(username))
      await endSessions(query, input, username)
      const defined = Number((await query(input, definedQuery(username))).trim())
      const retired = () => retireStatements(flavour, username, randomBytes(32).toString('base64url'))
      await query(input, defined > 0 ? retired() : dropStatements(username))
      // A session that was just logging in when the login was locked shows up late.
      await endSessions(query, input, username)
    },
  })
}
