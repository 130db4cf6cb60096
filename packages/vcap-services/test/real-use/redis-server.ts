import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../../../test/support/postgres-server.js'

const timeoutMs = 120_000

/** A Redis of the test's own on the loopback address. */
export interface RedisServer {
  readonly port: number
  stop(): Promise<void>
}

/** Why no Redis can be started here, or undefined. */
export function whyNoRedis(): string | undefined {
  return spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'no redis-server was found'
}

/** Starts a Redis that asks for a password, which it reads from its standard input. */
export async function startRedis(password: string): Promise<RedisServer> {
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
