import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program that runs a module with a `fetch` handler. */
export interface Runtime {
  readonly name: string
  /** Its file within what `scripts/install-runtimes.mjs` has installed. */
  readonly file: string
  /** Starts the module `app.js` of the working folder on a free port, and prints `{"port":…}`. */
  readonly args: readonly string[]
  /** What stands beside `app.js` for that. */
  readonly files: Readonly<Record<string, string>>
}

const serveInBun = `
import app from './app.js'
const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })
console.log(JSON.stringify({ port }))
`
const serveInDeno = `
import app from './app.js'
const onListen = ({ port }) => console.log(JSON.stringify({ port }))
Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, app.fetch)
`
// No compatibility flag: none of Node's modules is there.
const serveInWorkerd = `
using Workerd = import "/workerd/workerd.capnp";
const worker :Workerd.Worker = (
  modules = [(name = "app", esModule = embed "app.js")],
  compatibilityDate = "2026-01-01",
);
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`

export const runtimes: readonly Runtime[] = [
  {
    name: 'bun',
    file: '@oven/bun-linux-x64-baseline/bin/bun',
    args: ['run', 'in-bun.js'],
    files: { 'in-bun.js': serveInBun },
  },
  {
    name: 'deno',
    file: '@deno/linux-x64-glibc/deno',
    args: ['run', '--no-prompt', '--no-config', '--allow-net=127.0.0.1', 'in-deno.js'],
    files: { 'in-deno.js': serveInDeno },
  },
  {
    name: 'workerd',
    file: '@cloudflare/workerd-linux-64/bin/workerd',
    args: ['serve', 'in-workerd.capnp', '--control-fd=1'],
    files: { 'in-workerd.capnp': serveInWorkerd },
  },
]

const installed = fileURLToPath(new URL('../../../../node_modules/.cache/osb-runtimes/node_modules', import.meta.url))

/** @returns the program, or undefined where it is neither installed for the tests nor on the PATH */
export function findRuntime({ name, file }: Runtime): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return [join(installed, file), ...folders.map((folder) => join(folder, name))].find((path) => existsSync(path))
}

const startMs = 20_000

/** Starts a runtime in a folder. @returns its address, once it listens */
export async function startRuntime(
  program: string,
  { name, args }: Runtime,
  folder: string,
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
  try {
    for await (const line of createInterface(child.stdout)) {
      const port = /"port":(\d+)/.exec(line)?.[1]
      if (port !== undefined) return { url: `http://127.0.0.1:${port}`, child }
    }
    throw new Error(`${name} does not listen: ${complaints}`)
  } finally {
    clearTimeout(timer)
  }
}
