import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A broker process that can be killed and started again. */
export interface Replica {
  /** Undefined while it is down. */
  url(): string | undefined
  kill(): Promise<void>
  start(): Promise<void>
  /** SIGSTOP or SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Sends SIGTERM and waits for the end. */
  end(): Promise<void>
}

/** Starts a program that prints the port that it listens on. */
export async function startReplica(programUrl: URL, env: Readonly<Record<string, string>>): Promise<Replica> {
  const program = fileURLToPath(programUrl)
  let child: ChildProcess | undefined
  let url: string | undefined
  const replica: Replica = {
    url: () => url,
    async kill() {
      url = undefined
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    signal: (which) => void child?.kill(which),
    async end() {
      if (!child) return
      const ended = once(child, 'exit', { signal: AbortSignal.timeout(30_000) })
      child.kill('SIGTERM')
      await ended
    },
    async start() {
      const started = spawn(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', program], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child = started
      const lines = createInterface({ input: started.stdout })
      const [port] = (await once(lines, 'line', { signal: AbortSignal.timeout(60_000) })) as [string]
      url = `http://127.0.0.1:${port}`
    },
  }
  await replica.start()
  return replica
}
