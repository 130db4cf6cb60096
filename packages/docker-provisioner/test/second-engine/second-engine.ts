import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { dockerEngine } from '../../src/index.js'

const execute = promisify(execFile)
const startMs = 60_000
const endMs = 30_000

/**
 * Why no second engine can be started here; undefined where one can.
 * @throws with `OSB_REQUIRE_DOCKER=1` where none can, so that no test is skipped for want of one
 */
export function whyNoSecondEngine(): string | undefined {
  const programs = ['dockerd', 'containerd', 'ip', 'nsenter']
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  const missing = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))))
  const reason =
    process.getuid?.() !== 0
      ? 'a second Docker engine needs root'
      : missing.length > 0
        ? `a second Docker engine needs ${missing.join(', ')}`
        : undefined
  if (reason !== undefined && process.env['OSB_REQUIRE_DOCKER'] === '1') throw new Error(reason)
  return reason
}

/**
 * A Docker engine that may be killed, with everything of its own. In a network namespace of its own: in the one of the
 * host it would take away the bridge of the engine that is there.
 */
export async function secondEngine() {
  const folder = await mkdtemp(join(tmpdir(), 'osb-engine-'))
  const namespace = `osb-${process.pid}`
  const socketPath = join(folder, 'docker.sock')
  let dockerd: ChildProcess | undefined
  await execute('ip', ['netns', 'add', namespace])
  await execute('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
  await mkdir(join(folder, 'exec'))

  const engine = dockerEngine({ socketPath })

  async function start(): Promise<void> {
    if (isUp()) return
    const options = [
      ['--data-root', join(folder, 'data')],
      ['--exec-root', join(folder, 'exec')],
      ['--pidfile', join(folder, 'docker.pid')],
      ['--host', `unix://${socketPath}`],
    ].flat()
    // Not `ip netns exec`: it mounts /sys anew, and the engine would miss its cgroups there.
    const line = [`--net=/run/netns/${namespace}`, 'dockerd', ...options]
    const log = createWriteStream(join(folder, 'log'), { flags: 'a' })
    const started = spawn('nsenter', line, { stdio: ['ignore', 'pipe', 'pipe'] })
    started.stdout.pipe(log)
    started.stderr.pipe(log)
    dockerd = started
    for (const endsAt = Date.now() + startMs; ; await sleep(100)) {
      if (await engine.info({ timeoutMs: 2_000 }).catch(() => undefined)) return
      if (started.exitCode !== null || Date.now() > endsAt) {
        const text = await readFile(join(folder, 'log'), 'utf8')
        throw new Error(`the second engine does not answer: ${text.split('\n').slice(-10).join('\n')}`)
      }
    }
  }

  function isUp(): boolean {
    return dockerd?.exitCode === null && dockerd.signalCode === null
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!dockerd || !isUp()) return
    const ended = once(dockerd, 'exit')
    dockerd.kill(signal)
    await ended
  }

  /** Ends the containerd that a killed engine left: the next engine would wait for it in vain. */
  async function endContainerd(): Promise<void> {
    const text = await readFile(join(folder, 'exec', 'containerd', 'containerd.pid'), 'utf8').catch(() => '')
    const pid = Number(text)
    if (!Number.isInteger(pid) || pid <= 1) return
    for (const endsAt = Date.now() + endMs; isRunning(pid) && Date.now() < endsAt; await sleep(50)) {
      process.kill(pid, 'SIGTERM')
    }
  }

  return {
    socketPath,
    engine,
    start,
    /** As a crash would: nothing is ended in order, and the processes of its containers go on for the time being. */
    async kill(): Promise<void> {
      await end('SIGKILL')
      await endContainerd()
    },
    /** As an update of the engine would. */
    stop: () => end('SIGTERM'),
    async remove(): Promise<void> {
      // It ends its containers itself, also those that outlived its last life.
      await start().catch(() => {})
      for (const resource of await engine.list().catch(() => [])) await engine.remove(resource)
      await end('SIGTERM')
      await endContainerd()
      for (const mount of ['data', 'exec/netns/default']) {
        await execute('umount', ['--recursive', join(folder, mount)]).catch(() => {})
      }
      await execute('ip', ['netns', 'delete', namespace])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
