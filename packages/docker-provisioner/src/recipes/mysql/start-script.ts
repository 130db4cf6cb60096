import type { Place } from '../../engine/engine.js'
import { shareOf } from '../database-recipe.js'
import type { PlanLimits } from '../recipe.js'

/** Where the two relatives differ. */
export interface Flavour {
  readonly name: 'mariadb' | 'mysql'
  readonly server: string
  readonly client: string
  /** Makes an empty data folder whose root has no password yet. */
  readonly initialise: (folder: string) => string
  readonly settings: readonly string[]
  /** Table of information_schema that has the sizes of InnoDB's files. */
  readonly tablespaces: string
}

export const mariadb: Flavour = {
  name: 'mariadb',
  server: 'mariadbd',
  client: 'mariadb',
  initialise: (folder) =>
    `mariadb-install-db --no-defaults --datadir=${folder} --auth-root-authentication-method=normal --skip-test-db`,
  settings: [],
  tablespaces: 'INNODB_SYS_TABLESPACES',
}

export const mysql: Flavour = {
  name: 'mysql',
  server: 'mysqld',
  client: 'mysql',
  initialise: (folder) => `mysqld --no-defaults --initialize-insecure --datadir=${folder}`,
  // The X protocol would open a port and a socket that nobody asked for.
  settings: ['--mysqlx=OFF', '--performance-schema=OFF'],
  tablespaces: 'INNODB_TABLESPACES',
}

export const socket = '/tmp/mysql.sock'
export const defaultConnections = 50

/**
 * Makes the data folder where there is none, and becomes the server. The folder is made beside its place and moved
 * there when it is whole. The file of initial statements runs at each start, before anybody can connect.
 */
export function startScript(flavour: Flavour, { host, ports, paths }: Place, limits: PlanLimits): string {
  const [data, fresh, temporary] = ['system', 'new', 'tmp'].map((name) => `${paths['data']}/${name}`)
  const settings = [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--socket=${socket}`,
    '--pid-file=/tmp/mysql.pid',
    `--bind-address=${host}`,
    `--port=${ports['mysql']}`,
    `--init-file=${paths['secrets']}/init.sql`,
    '--skip-name-resolve',
    '--local-infile=OFF',
    '--character-set-server=utf8mb4',
    `--max-connections=${limits.connections ?? defaultConnections}`,
    ...flavour.settings,
    ...memorySettings(limits),
  ]
  return [
    'set -eu',
    `mkdir -p ${temporary}`,
    `if [ ! -d ${data}/mysql ]; then`,
    `rm -rf ${fresh}`,
    `mkdir ${fresh}`,
    `${flavour.initialise(fresh ?? '')} >/dev/null`,
    `mv ${fresh} ${data}`,
    'fi',
    `exec ${flavour.server} ${settings.join(' ')}`,
  ].join('\n')
}

function memorySettings({ memoryMb }: PlanLimits): readonly string[] {
  return memoryMb === undefined ? [] : [`--innodb-buffer-pool-size=${shareOf(memoryMb, 0.5)}M`]
}
