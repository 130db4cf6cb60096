import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface RunningServer {
  readonly port: number
  connections(): Promise<number>
  close(): void
}

export async function startServer(file: string): Promise<RunningServer> {
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const { port } = await answerOf<{ port: number }>(child)
  return {
    port,
    async connections() {
      child.send('connections')
      return (await answerOf<{ connections: number }>(child)).connections
    },
    close: () => child.disconnect(),
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const signal = AbortSignal.timeout(20_000)
  const [answer] = (await once(child, 'message', { signal })) as [Answer]
  return answer
}
