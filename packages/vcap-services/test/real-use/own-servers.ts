import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const timeoutMs = 120_000

/** A server of the test's own on the loopback address, with a login. */
export interface OwnServer {
  readonly port: number
  stop(): Promise<void>
}

/** Why no PostgreSQL can be started here, or undefined. */
export function whyNoPostgres(): string | undefined {
  if (postgresFolder() === undefined) return 'no initdb of PostgreSQL was found'
  const isRoot = process.getuid?.() === 0
  return isRoot && postgresUser() === undefined
    ? 'PostgreSQL does not run as root, and there is no user postgres'
    : undefined
}

/** Starts a PostgreSQL that asks for a password. */
export async function startPostgres(username: string, password: string): Promise<OwnServer> {
  const bin = postgresFolder() ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'vcap-postgres-'))
  const user = process.getuid?.() === 0 ? postgresUser() : undefined
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const as = { ...user, timeout: timeoutMs, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } }
  const data = join(folder, 'data')
  const login = ['-U', username, '-A', 'scram-sha-256', '--pwfile', passwordFile]
  await run(join(bin, 'initdb'), ['-D', data, ...login, '-E', 'UTF8', '--no-sync'], as)
  const port = await freePort()
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`
  const control = (...args: readonly string[]) => run(join(bin, 'pg_ctl'), ['-D', data, '-w', '-t', '60', ...args], as)
  await control('-l', join(folder, 'log'), '-o', settings, 'start')
  return {
    port,
    async stop() {
      await control('-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Debian keeps the programs of each version in a folder of its own, outside of PATH. */
function postgresFolder(): string | undefined {
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

/** Why no Redis can be started here, or undefined. */
export function whyNoRedis(): string | undefined {
  return spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'no redis-server was found'
}

/** Starts a Redis that asks for a password, which it reads from its standard input. */
export async function startRedis(password: string): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vcap-redis-'))
  const port = await freePort()
  const child = spawn('redis-server', ['-'], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] })
  const quoted = `"${password.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  child.stdin.end(`bind 127.0.0.1\nport ${port}\nsave ""\nrequirepass ${quoted}\n`)
  await untilOpen(port)
  return {
    port,
    async stop() {
      const ended = once(child, 'close')
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilOpen(port: number): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await wait(50)) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
  }
  throw new Error('the server did not open its port in time')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
