import { createHash } from 'node:crypto'
import type { Place } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { command } from '../ready/command.js'
import { allOf } from '../ready/all-of.js'
import { portOpen } from '../ready/port-open.js'
import { defineRecipe, type Recipe, type RecipeUnbindInput } from './recipe.js'

export interface RedisRecipeOptions {
  /** Needs `redis-server`, `redis-cli` and `sh`. Default: `redis:8`. */
  readonly image?: string
}

const adminName = 'osb-admin'

/** Part of memory that stays for buffers, the copy made while saving, and the process itself. */
const memoryShare = 0.6

/**
 * Redis 7 and newer. The default user is off; each binding has a user that may do all on all keys except
 * administration. Users and data survive restarts.
 * Credentials: `uri`, `host`, `port`, `username`, `password`.
 */
export function redisRecipe({ image = 'redis:8' }: RedisRecipeOptions = {}): Recipe<'small' | 'large'> {
  return defineRecipe({
    name: 'redis',
    image,
    ports: { redis: 6379 },
    volumes: { data: '/data' },
    secrets: ['admin'],
    secretFiles: ({ secrets }) => ({
      'users.acl': `user default off\nuser ${adminName} on #${sha256(secrets['admin'] ?? '')} ~* &* +@all\n`,
    }),
    process: ({ place, limits }) => ({ command: ['sh', '-c', startScript(place, limits.memoryMb)] }),
    embedded: { folder: '/' },
    // Without a login PING is refused: an answer all the same.
    ready: allOf(portOpen('redis'), command(cli, { stdin: 'PING\n', expect: /NOAUTH|PONG/ })),
    plans: { small: { memoryMb: 256, cpus: 0.5, pids: 128 }, large: { memoryMb: 2048, cpus: 2, pids: 128 } },
    async bind(input) {
      const { host, ports, username, password } = input
      const rules = `reset on #${sha256(password)} ~* &* +@all -@admin -@dangerous +info +keys +sort`
      await asAdmin(input, [`ACL SETUSER ${username} ${rules}`, 'ACL SAVE'])
      const port = ports['redis'] ?? 0
      return { credentials: { uri: `redis://${username}:${password}@${host}:${port}`, host, port, username, password } }
    },
    async unbind(input) {
      const { username } = input
      await asAdmin(input, [`ACL DELUSER ${username}`, 'ACL SAVE'])
    },
  })
}

/** The ACL file is written by the server (`ACL SAVE`), so it lives with the data; its first form is a secret file. */
function startScript({ host, ports, paths }: Place, memoryMb: number | undefined): string {
  const [data, secrets] = [paths['data'], paths['secrets']]
  const maxMemory = memoryMb === undefined ? '' : `--maxmemory ${Math.floor(memoryMb * memoryShare)}mb`
  const server = `redis-server --bind ${host} --port ${ports['redis']} --dir '${data}' --appendonly yes ${maxMemory}`
  const [initial, temporary, users] = [`'${secrets}/users.acl'`, `'${data}/users.acl.new'`, `'${data}/users.acl'`]
  const prepare = `cp ${initial} ${temporary} && chmod 600 ${temporary} && mv ${temporary} ${users}`
  return `[ -s ${users} ] || { ${prepare}; } && exec ${server} --aclfile ${users}`
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
