import { setTimeout as sleep } from 'node:timers/promises'
import { isProvisionerError } from '../../errors.js'
import { allOf } from '../../ready/all-of.js'
import { command } from '../../ready/command.js'
import { portOpen } from '../../ready/port-open.js'
import { type DatabaseRecipeOptions, isReadOnly, plansOf, readOnlyParameter, uriHost } from '../database-recipe.js'
import { defineRecipe, type Recipe, type StorageAccess } from '../recipe.js'
import { scramVerifier } from './scram-verifier.js'
import { storageRules } from './storage.js'
import { adminName, defaultConnections, socketFolder, startScript } from './start-script.js'
import { bindStatements, prepareStatements, unbindStatements } from './statements.js'

const defaultPlans = {
  small: { memoryMb: 512, cpus: 0.5, pids: 256, connections: 50 },
  large: { memoryMb: 2048, cpus: 2, pids: 512, connections: 200 },
}

/**
 * PostgreSQL 14 and newer. Each instance is a server with one database. What applications make belongs to a role that
 * nobody can log in as; each binding is a login that acts as this role, or with the parameter `read_only` as one that
 * may read only, so tables outlive the bindings that made them. Unbind blocks the login, ends its sessions and drops it.
 * Plans: memory sets shared_buffers and work_mem; `connections`, `connectionsPerBinding` and `storageMb` are held.
 * Credentials: `uri`, `jdbcUrl`, `host`, `port`, `database`, `username`, `password`.
 * @example dockerOffering(postgresqlRecipe({ image: 'postgres:17' }), { engine, id, name: 'postgresql', plans, … })
 */
export function postgresqlRecipe<const PlanName extends string = 'small' | 'large'>(
  options: DatabaseRecipeOptions<PlanName> = {},
): Recipe<PlanName> {
  return defineRecipe<PlanName>({
    name: 'postgresql',
    image: options.image ?? 'postgres:17',
    ...(options.user && { user: options.user }),
    ...(options.versions && { versions: options.versions }),
    ports: { postgresql: 5432 },
    volumes: { data: '/data' },
    secrets: ['admin'],
    secretFiles: ({ secrets: { admin = '' } }) => ({ admin, pgpass: `*:*:*:${adminName}:${admin}\n` }),
    process: ({ place, limits }) => ({
      command: ['sh', '-c', startScript(place, limits)],
      env: { PGPASSFILE: `${place.paths['secrets']}/pgpass` },
    }),
    ready: allOf(
      portOpen('postgresql'),
      command(({ ports }) => ['pg_isready', '-q', '-h', socketFolder, '-p', String(ports['postgresql'])]),
    ),
    plans: plansOf(options, defaultPlans),
    parameters: readOnlyParameter,
    storage: storageRules(psql),
    async prepare(input) {
      await psql(input, 'postgres', prepareStatements(input.database, input.limits.connections ?? defaultConnections))
    },
    async bind(input) {
      const { host, ports, database, username, password, limits } = input
      const login = {
        username,
        verifier: await scramVerifier(password),
        readOnly: isReadOnly(input),
        connections: limits.connectionsPerBinding ?? -1,
      }
      await psql(input, database, bindStatements(database, login))
      const port = ports['postgresql'] ?? 0
      const place = `${uriHost(host)}:${port}/${database}`
      const uri = `postgresql://${username}:${password}@${place}`
      const jdbcUrl = `jdbc:postgresql://${place}?user=${username}&password=${password}`
      return { credentials: { uri, jdbcUrl, host, port, database, username, password } }
    },
    async unbind(input) {
      await psql(input, input.database, unbindStatements(input.database, input.username))
    },
  })
}

const attempts = 8
const mostPauseMs = 100

/**
 * The login comes from the file that PGPASSFILE names, statements by stdin. They run as the administrator, so nothing that
 * applications made may be found by a name without schema. Statements about the same tables and roles at the same moment
 * (two unbinds, or one and a look at the storage) can stand in each other's way; all may be done again.
 */
async function psql({ place, run, signal }: StorageAccess, database: string, statements: string): Promise<string> {
  const where = ['-h', socketFolder, '-p', String(place.ports['postgresql']), '-U', adminName, '-d', database]
  const line = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...where]
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(line, `SET search_path = pg_catalog, pg_temp;\n${statements}`)
    } catch (error) {
      const isRace = isProvisionerError(error) && /tuple concurrently/.test(error.lastLines.join())
      if (!isRace || attempt === attempts) throw error
      // Those that met once would meet again if all waited as long.
      await sleep(Math.random() * mostPauseMs, undefined, { signal })
    }
  }
}
