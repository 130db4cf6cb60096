import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const timeoutMs = 120_000

/** A PostgreSQL server of the test's own on a free port of the loopback address. */
export interface PostgresServer {
  readonly port: number
  /** Makes an empty database. @returns its connection string */
  newDatabase(): Promise<string>
  stop(): Promise<void>
}

/**
 * Why no server can be started here, or undefined.
 * @throws with `CI=true` where none can, so that no test is skipped for want of one
 */
export function whyNoPostgres(): string | undefined {
  const reason = findReason()
  if (reason !== undefined && process.env['CI'] === 'true') throw new Error(reason)
  return reason
}

function findReason(): string | undefined {
  if (!binFolder()) return 'no initdb of PostgreSQL was found'
  if (process.getuid?.() === 0 && !postgresUser())
    return 'PostgreSQL does not run as root, and there is no user postgres'
  return undefined
}

/**
 * Starts a server with its data in a temporary folder; without durability, which is not what is tested here.
 * @param password that the server asks for; without one it lets everybody in
 */
export async function startPostgres(username = 'osb', password?: string): Promise<PostgresServer> {
  const bin = binFolder() ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'osb-postgres-'))
  const user = process.getuid?.() === 0 ? postgresUser() : undefined
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password ?? '', { mode: 0o600 })
  if (user) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const as = { ...user, timeout: timeoutMs, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } }
  const withPassword = { ...as, env: { ...as.env, PGPASSWORD: password } }
  const data = join(folder, 'data')
  const port = await freePort()
  const proof = password === undefined ? ['-A', 'trust'] : ['-A', 'scram-sha-256', '--pwfile', passwordFile]
  await run(join(bin, 'initdb'), ['-D', data, '-U', username, ...proof, '-E', 'UTF8', '--no-sync'], as)
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`
  const log = join(folder, 'log')
  await run(join(bin, 'pg_ctl'), ['-D', data, '-l', log, '-w', '-t', '60', '-o', settings, 'start'], as)
  const login = [username, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(':')
  const url = (database: string) => `postgres://${login}@127.0.0.1:${port}/${database}`
  let count = 0
  return {
    port,
    async newDatabase() {
      const name = `osb_${(count += 1)}`
      await run(join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', username, '-w', name], withPassword)
      return url(name)
    },
    async stop() {
      await run(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', '-t', '60', 'stop'], as)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Debian keeps the programs of each version in a folder of its own, outside of PATH. */
function binFolder(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))
}

function postgresUser(): { uid: number; gid: number } | undefined {
  const ask = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [ask('-u'), ask('-g')]
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}

/** A port of the loopback address that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
