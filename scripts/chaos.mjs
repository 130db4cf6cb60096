// `npm run chaos`: three broker processes on one PostgreSQL live through 1,000 instances (OSB_CHAOS_INSTANCES) while they
// are killed 20 times (OSB_CHAOS_KILLS), and a broker on Docker is killed at 200 points (OSB_CHAOS_POINTS); prints the
// counts; osb is killed at 50 points (OSB_CHAOS_KILL_POINTS), and two at once run 1,000 commands (OSB_CHAOS_COMMANDS).
// `npm test` does the same with fewer.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { OSB_CHAOS_INSTANCES = '1000', OSB_CHAOS_KILLS = '20', OSB_CHAOS_POINTS = '200' } = process.env
const { OSB_CHAOS_KILL_POINTS = '50', OSB_CHAOS_COMMANDS = '1000' } = process.env

const { status } = spawnSync(
  process.execPath,
  [
    join(dirname(fileURLToPath(import.meta.url)), 'test.mjs'),
    '--project',
    'osb-server',
    '--project',
    'docker-provisioner',
    '--project',
    'osb-client',
    'test/chaos/',
    ...process.argv.slice(2),
  ],
  {
    env: {
      ...process.env,
      OSB_CHAOS_INSTANCES,
      OSB_CHAOS_KILLS,
      OSB_CHAOS_POINTS,
      OSB_CHAOS_KILL_POINTS,
      OSB_CHAOS_COMMANDS,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)
process.exitCode = status ?? 1
