import { setTimeout as sleep } from 'node:timers/promises'
import { ProvisionerError } from '../../errors.js'
import { allOf } from '../../ready/all-of.js'
import { command } from '../../ready/command.js'
import { portOpen } from '../../ready/port-open.js'
import { type DatabaseRecipeOptions, isReadOnly, plansOf, readOnlyParameter, uriHost } from '../database-recipe.js'
import { defineRecipe, type Recipe, type RecipeUnbindInput, type StorageAccess } from '../recipe.js'
import { environment, startScript } from './start-script.js'
import { permissions, storageRules } from './storage.js'

const defaultPlans = {
  small: { memoryMb: 512, cpus: 0.5, pids: 512, connections: 100 },
  large: { memoryMb: 2048, cpus: 2, pids: 1024, connections: 1000 },
}

const looks = 20
const pauseMs = 200
/** Exit codes of rabbitmqctl (sysexits): the thing is there already, or it is not there. */
const exists = 70
const unknown = 67

/**
 * RabbitMQ 3.10 and newer. Each instance is a broker with one virtual host; each binding is a user with all permissions
 * on it, with the parameter `read_only` only that to consume. Nobody has the management tag, and the user `guest` is
 * gone. Unbind deletes the user and ends its connections; queues and messages stay.
 * Plans: memory sets the watermark; `connections`, `connectionsPerBinding` and `storageMb` (of waiting messages) are held.
 * Credentials: `uri`, `host`, `port`, `vhost`, `username`, `password`.
 * @example dockerOffering(rabbitmqRecipe({ image: 'rabbitmq:4' }), { engine, id, name: 'rabbitmq', plans, … })
 */
export function rabbitmqRecipe<const PlanName extends string = 'small' | 'large'>(
  options: DatabaseRecipeOptions<PlanName> = {},
): Recipe<PlanName> {
  return defineRecipe<PlanName>({
    name: 'rabbitmq',
    image: options.image ?? 'rabbitmq:4',
    ...(options.user && { user: options.user }),
    ...(options.versions && { versions: options.versions }),
    ports: { amqp: 5672 },
    volumes: { data: '/data' },
    secrets: ['cookie'],
    secretFiles: ({ secrets: { cookie = '' } }) => ({ cookie }),
    process: ({ place, limits }) => ({ command: ['sh', '-c', startScript(place, limits)], env: environment(place) }),
    // The port is open some seconds before the server takes commands.
    ready: allOf(portOpen('amqp'), command(['rabbitmq-diagnostics', '--quiet', 'check_running'])),
    plans: plansOf(options, defaultPlans),
    parameters: readOnlyParameter,
    storage: storageRules(ctl),
    async prepare(input) {
      const { database, limits } = input
      await ctl(input, ['add_vhost', database], { accept: exists })
      await ctl(input, ['set_vhost_limits', '-p', database, limitsText(limits.connections)])
      await ctl(input, ['delete_user', 'guest'], { accept: unknown })
    },
    async bind(input) {
      const { host, ports, database, username, password, limits } = input
      const added = await ctl(input, ['add_user', username], { stdin: password, accept: exists })
      if (added === exists) await ctl(input, ['change_password', username], { stdin: password })
      await ctl(input, ['set_user_limits', username, limitsText(limits.connectionsPerBinding)])
      const granted = isReadOnly(input) ? permissions.readOnly : permissions.full
      await ctl(input, ['set_permissions', '-p', database, username, ...granted])
      const port = ports['amqp'] ?? 0
      const uri = `amqp://${username}:${password}@${uriHost(host)}:${port}/${database}`
      return { credentials: { uri, host, port, vhost: database, username, password } }
    },
    async unbind(input) {
      // The server ends the connections of a user that is deleted.
      await ctl(input, ['delete_user', input.username], { accept: unknown })
      await endConnections(input)
    },
  })
}

/** -1: no bound. */
function limitsText(connections = -1): string {
  return JSON.stringify({ 'max-connections': connections })
}

/** The server's cookie is the login; passwords go in by stdin. @returns the exit code, 0 or the accepted one */
async function ctl(
  { exec }: StorageAccess,
  args: readonly string[],
  { stdin, accept }: { readonly stdin?: string; readonly accept?: number } = {},
): Promise<number> {
  const { exitCode, stdout, stderr } = await exec(['rabbitmqctl', '--quiet', ...args], stdin && `${stdin}\n`)
  if (exitCode === 0 || exitCode === accept) return exitCode
  const lastLines = (stderr || stdout).trim().split('\n').slice(-5)
  throw new ProvisionerError('COMMAND_FAILED', `rabbitmqctl ${args[0]} ended with exit code ${exitCode}`, { lastLines })
}

/** Waits until the user has no connection; one that was just opened when the user was deleted is closed by its id. */
async function endConnections(input: RecipeUnbindInput): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const list = ['rabbitmqctl', '--quiet', '--no-table-headers', 'list_connections', 'user', 'pid']
    const lines = (await input.run(list)).split('\n').map((line) => line.trim().split('\t'))
    const ids = lines.flatMap(([user, pid]) => (user === input.username && pid !== undefined ? [pid] : []))
    if (ids.length === 0) return
    // It may have ended by itself meanwhile, so the exit code says nothing.
    for (const id of ids) await input.exec(['rabbitmqctl', '--quiet', 'close_connection', id, 'the binding is gone'])
    await sleep(pauseMs, undefined, { signal: input.signal })
  }
  throw new ProvisionerError('COMMAND_FAILED', 'the connections of the user do not end')
}
