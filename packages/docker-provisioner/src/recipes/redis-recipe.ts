import { createHash } from 'node:crypto'
import type { Place } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { allOf } from '../ready/all-of.js'
import { command } from '../ready/command.js'
import { portOpen } from '../ready/port-open.js'
import {
  type DatabaseRecipeOptions,
  isReadOnly,
  plansOf,
  readOnlyParameter,
  shareOf,
  uriHost,
} from './database-recipe.js'
import { defineRecipe, type PlanLimits, type Recipe, type RecipeUnbindInput } from './recipe.js'

const adminName = 'osb-admin'

/** Part of memory that stays for buffers, the copy made while saving, and the process itself. */
const memoryShare = 0.6
/** Connections beside the plan's, for bind and unbind. */
const reserved = 2

const defaultPlans = {
  small: { memoryMb: 256, cpus: 0.5, pids: 128, connections: 200 },
  large: { memoryMb: 2048, cpus: 2, pids: 128, connections: 2000 },
}

const readWrite = '+@all -@admin -@dangerous +info +keys +sort'
const readOnly = '+@read +@connection -@dangerous +info +keys +subscribe +psubscribe +ssubscribe +multi +exec +discard'

/**
 * Redis 7 and newer. The default user is off; each binding has a user that may do all on all keys except
 * administration, with the parameter `read_only` read only. Unbind takes the user away and ends its sessions. Users and
 * data survive restarts. Plans: memory and `storageMb`, whichever is less, set maxmemory, over which Redis refuses to write
 * but reads and deletes; and `connections` is held for the instance; Redis cannot hold
 * `connectionsPerBinding`.
 * Credentials: `uri`, `host`, `port`, `username`, `password`.
 */
export function redisRecipe<const PlanName extends string = 'small' | 'large'>(
  options: DatabaseRecipeOptions<PlanName> = {},
): Recipe<PlanName> {
  return defineRecipe<PlanName>({
    name: 'redis',
    image: options.image ?? 'redis:8',
    ...(options.user && { user: options.user }),
    ...(options.versions && { versions: options.versions }),
    ports: { redis: 6379 },
    volumes: { data: '/data' },
    secrets: ['admin'],
    storage: 'service',
    secretFiles: ({ secrets }) => ({
      'users.acl': `user default off\nuser ${adminName} on #${sha256(secrets['admin'] ?? '')} ~* &* +@all\n`,
    }),
    process: ({ place, limits }) => ({ command: ['sh', '-c', startScript(place, limits)] }),
    embedded: { folder: '/' },
    // Without a login PING is refused: an answer all the same.
    ready: allOf(portOpen('redis'), command(cli, { stdin: 'PING\n', expect: /NOAUTH|PONG/ })),
    plans: plansOf(options, defaultPlans),
    parameters: readOnlyParameter,
    async bind(input) {
      const { host, ports, username, password } = input
      const rules = `reset on #${sha256(password)} ~* &* ${isReadOnly(input) ? readOnly : readWrite}`
      await asAdmin(input, [`ACL SETUSER ${username} ${rules}`, 'ACL SAVE'])
      const port = ports['redis'] ?? 0
      const uri = `redis://${username}:${password}@${uriHost(host)}:${port}`
      return { credentials: { uri, host, port, username, password } }
    },
    async unbind(input) {
      // The server ends the sessions of a user with the user, in one step.
      await asAdmin(input, [`ACL DELUSER ${input.username}`, 'ACL SAVE'])
    },
  })
}

/** The ACL file is written by the server (`ACL SAVE`), so it lives with the data; its first form is a secret file. */
function startScript({ host, ports, paths }: Place, { memoryMb, storageMb, connections }: PlanLimits): string {
  const [data, secrets] = [paths['data'], paths['secrets']]
  const bounds = [memoryMb === undefined ? [] : shareOf(memoryMb, memoryShare), storageMb ?? []].flat()
  const settings = [
    `--bind ${host}`,
    `--port ${ports['redis']}`,
    `--dir '${data}'`,
    '--appendonly yes',
    ...(bounds.length === 0 ? [] : [`--maxmemory ${Math.min(...bounds)}mb`, '--maxmemory-policy noeviction']),
    ...(connections === undefined ? [] : [`--maxclients ${connections + reserved}`]),
  ]
  const [initial, temporary, users] = [`'${secrets}/users.acl'`, `'${data}/users.acl.new'`, `'${data}/users.acl'`]
  const prepare = `cp ${initial} ${temporary} && chmod 600 ${temporary} && mv ${temporary} ${users}`
  return `[ -s ${users} ] || { ${prepare}; } && exec redis-server ${settings.join(' ')} --aclfile ${users}`
}

function cli({ ports }: Place): readonly string[] {
  return ['redis-cli', '-p', String(ports['redis'])]
}

/** Login and commands come by stdin; redis-cli ends with 0 whatever the server says, so the answers are read. */
async function asAdmin(
  input: Pick<RecipeUnbindInput, 'place' | 'secrets' | 'run'>,
  lines: readonly string[],
): Promise<void> {
  const script = [`AUTH ${adminName} ${input.secrets['admin']}`, ...lines, ''].join('\n')
  const answers = (await input.run(cli(input.place), script)).split('\n').filter((line) => line.trim() !== '')
  const isGood = (line: string) => line === 'OK' || /^(?:\(integer\) )?\d+$/.test(line)
  if (answers.length < lines.length + 1 || !answers.every(isGood)) {
    throw new ProvisionerError('COMMAND_FAILED', 'Redis refused to change its users', { lastLines: answers.slice(-3) })
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
