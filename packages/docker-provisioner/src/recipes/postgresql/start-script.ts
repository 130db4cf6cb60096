import type { Place } from '../../engine/engine.js'
import { shareOf } from '../database-recipe.js'
import type { PlanLimits } from '../recipe.js'

/** The administrator's login; only commands beside the service use it. */
export const adminName = 'osbadmin'
/** Folder of the socket; nobody else is in the container. */
export const socketFolder = '/tmp'
export const defaultConnections = 50
/** Connections that only the administrator can have, so that bind and unbind work when the applications use up theirs. */
const reserved = 5

/**
 * Makes the cluster where there is none, and becomes the server. The cluster is made beside its place and moved there
 * when it is whole, so that an end in the middle leaves nothing that looks like a cluster.
 */
export function startScript({ host, ports, paths }: Place, limits: PlanLimits): string {
  const [data, secrets] = [`${paths['data']}/cluster`, paths['secrets']]
  const fresh = `${paths['data']}/new`
  const init = `initdb -D ${fresh} -U ${adminName} --pwfile=${secrets}/admin --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8`
  const settings = Object.entries({
    listen_addresses: host === '0.0.0.0' ? '*' : host,
    port: ports['postgresql'],
    unix_socket_directories: socketFolder,
    password_encryption: 'scram-sha-256',
    // Statements may hold secrets of users, and their log is not theirs.
    log_min_error_statement: 'panic',
    ...connectionSettings(limits),
    ...memorySettings(limits),
  })
  return [
    'set -eu',
    `if [ ! -s ${data}/PG_VERSION ]; then`,
    `rm -rf ${fresh}`,
    init,
    `echo 'host all all all scram-sha-256' >>${fresh}/pg_hba.conf`,
    `mv ${fresh} ${data}`,
    'fi',
    `exec postgres -D ${data} ${settings.map(([name, value]) => `-c ${name}='${value}'`).join(' ')}`,
  ].join('\n')
}

function connectionSettings({ connections = defaultConnections }: PlanLimits) {
  return { max_connections: connections + reserved, superuser_reserved_connections: reserved }
}

/** What the server takes for itself; the rest is for sorting and for the page cache, which counts to the container. */
function memorySettings({ memoryMb, connections = defaultConnections }: PlanLimits) {
  if (memoryMb === undefined) return {}
  return {
    shared_buffers: `${shareOf(memoryMb, 0.25)}MB`,
    effective_cache_size: `${shareOf(memoryMb, 0.5)}MB`,
    maintenance_work_mem: `${shareOf(memoryMb, 1 / 16)}MB`,
    work_mem: `${shareOf(memoryMb, 0.25 / connections)}MB`,
  }
}
