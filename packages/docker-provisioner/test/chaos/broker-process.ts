import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/docker-broker.ts', import.meta.url))

/** `docker-broker serve` as a process that can be killed and started again on the same file. */
export function brokerProcess(config: string, environment: Readonly<Record<string, string>>) {
  let child: ChildProcess | undefined
  let url = ''

  async function start(): Promise<void> {
    const args = ['--conditions=@osb/source', '--import', 'tsx', main, 'serve', '--config', config]
    const env = { ...process.env, ...environment }
    const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    url = await new Promise<string>((resolve, reject) => {
      started.once('exit', (code) => reject(new Error(`the broker ended with ${code} before it listened`)))
      // Read to the end: a full pipe would hold the broker up.
      createInterface({ input: started.stdout }).on('line', (line) => {
        const { message, url: listening } = JSON.parse(line) as { message: string; url?: string }
        if (message === 'listening' && listening !== undefined) resolve(listening)
      })
    })
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  return {
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    /** Sends a request to wherever the process listens now. */
    async fetch(request: Request): Promise<Response> {
      const { pathname, search } = new URL(request.url)
      const body = request.body === null ? {} : { body: await request.text() }
      const { method, headers } = request
      return fetch(`${url}${pathname}${search}`, { method, headers, ...body, signal: AbortSignal.timeout(60_000) })
    },
  }
}
