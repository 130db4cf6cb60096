import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import type { ServerKind, Usage } from './server-process.js'

const folder = dirname(fileURLToPath(import.meta.url))
const bundleFolder = join(folder, '..', '..', 'node_modules', '.bench')
const canPin = spawnSync('taskset', ['--version']).status === 0

export interface RunningServer {
  readonly port: number
  usage(collect?: 'collect'): Promise<Usage>
  close(): void
}

/**
 * Compiles the servers from the sources. What runs TypeScript directly keeps the names of functions by calls that cost
 * time on each request; a build has none.
 */
export async function compileServers(): Promise<string> {
  rmSync(bundleFolder, { recursive: true, force: true })
  await build({
    config: false,
    silent: true,
    entry: { 'server-process': join(folder, 'server-process.ts') },
    outDir: bundleFolder,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: 'node20',
    noExternal: [/^osb-/],
    external: ['pg'],
    esbuildOptions(options) {
      options.conditions = ['@osb/source']
    },
  })
  return join(bundleFolder, 'server-process.mjs')
}

/** Starts one; all servers share one core where cores can be chosen, so that they meet the same machine. */
export async function startServer(file: string, kind: ServerKind): Promise<RunningServer> {
  const node = [process.execPath, '--expose-gc', file, kind]
  const [command = '', ...args] = canPin ? ['taskset', '-c', '1', ...node] : node
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const { port } = await answerOf<{ port: number }>(child)
  return {
    port,
    async usage(collect) {
      child.send(collect ?? 'usage')
      return answerOf<Usage>(child)
    },
    close: () => child.disconnect(),
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const gone = new AbortController()
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', { signal: gone.signal }),
      once(child, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`the server ended with ${String(code)}`)
      }),
    ])) as [Answer]
    return answer
  } finally {
    gone.abort()
  }
}

/** Keeps this process, which makes the load, off the servers' core. */
export function pinThisProcess(): boolean {
  return canPin && spawnSync('taskset', ['-cp', '0', String(process.pid)]).status === 0
}
