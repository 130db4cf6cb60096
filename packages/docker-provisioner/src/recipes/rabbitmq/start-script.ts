import type { Place } from '../../engine/engine.js'
import { shareOf } from '../database-recipe.js'
import type { PlanLimits } from '../recipe.js'

/** Part of memory at which publishers are held back; the rest is for the copies that the server makes while it frees. */
const watermark = 0.6
const configFile = '/tmp/rabbitmq.conf'

/** Puts the cookie where Erlang wants it, writes the settings, and becomes the server. */
export function startScript({ host, ports, paths }: Place, limits: PlanLimits): string {
  const [data, secrets] = [paths['data'], paths['secrets']]
  const settings = [
    `listeners.tcp.1 = ${host}:${ports['amqp']}`,
    'loopback_users.guest = true',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    ...(limits.memoryMb === undefined
      ? []
      : [`vm_memory_high_watermark.absolute = ${shareOf(limits.memoryMb, watermark)}MiB`]),
  ]
  const cookie = `${data}/.erlang.cookie`
  return [
    'set -eu',
    'umask 077',
    `cp ${secrets}/cookie ${cookie}.new`,
    `chmod 400 ${cookie}.new`,
    `mv -f ${cookie}.new ${cookie}`,
    `printf '%s\\n' ${settings.map((line) => `'${line}'`).join(' ')} >${configFile}`,
    'exec rabbitmq-server',
  ].join('\n')
}

/** What server and commands find their place by. The node's name is fixed: its data stand under it. */
export function environment({ paths }: Place): Readonly<Record<string, string>> {
  const data = paths['data'] ?? ''
  return {
    HOME: data,
    RABBITMQ_NODENAME: 'rabbit@localhost',
    RABBITMQ_CONFIG_FILE: configFile,
    RABBITMQ_MNESIA_BASE: `${data}/mnesia`,
    RABBITMQ_LOG_BASE: '/tmp',
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: `${data}/enabled_plugins`,
    RABBITMQ_GENERATED_CONFIG_DIR: '/tmp/rabbitmq-config',
    // Erlang spins while it waits, which a container with a bound on its processors pays for.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
  }
}
