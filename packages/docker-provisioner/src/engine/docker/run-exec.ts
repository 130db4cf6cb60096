import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { ExecResult } from '../engine.js'
import { demultiplex, type Output } from './demultiplex.js'

const maxOutputBytes = 1024 * 1024
const endMs = 10_000

/** The parts of dockerode that are used here. */
interface Exec {
  start(options: object): Promise<Duplex>
  inspect(options: { readonly abortSignal: AbortSignal }): Promise<{ Running: boolean; ExitCode: number | null }>
}
interface Container {
  exec(options: object): Promise<Exec>
}

/** Variable by which a command and all that it started are found again. */
const mark = 'OSB_COMMAND'

/**
 * Runs a command in a container to its end. When the signal aborts, the command is ended too, as far as Docker can: the
 * engine has no call for that, so a second command looks for the first one by its environment. That needs `sh`, `grep`
 * and `kill` in the image; without them the command only finds its input closed.
 */
export async function runExec(
  container: Container,
  command: readonly string[],
  stdin: string,
  signal: AbortSignal,
): Promise<ExecResult> {
  const id = randomUUID()
  const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Env: [`${mark}=${id}`] }
  const exec = await container.exec({ ...attach, Cmd: [...command], abortSignal: signal })
  try {
    // The signal must be given here too: dockerode does not carry it over (apocas/dockerode#789).
    const stream = await exec.start({ hijack: true, stdin: true, abortSignal: signal })
    const output = await converse(stream, stdin, signal)
    return { ...output, exitCode: await exitCodeOf(exec, signal) }
  } catch (error) {
    // The caller has its answer already; nobody waits for this.
    if (signal.aborted) await endCommand(container, id).catch(() => {})
    throw error
  }
}

async function endCommand(container: Container, id: string): Promise<void> {
  const script = `for p in /proc/[0-9]*; do grep -qs '${mark}=${id}' "$p/environ" && kill -9 "\${p#/proc/}"; done`
  const abortSignal = AbortSignal.timeout(endMs)
  const exec = await container.exec({ Cmd: ['sh', '-c', script], abortSignal })
  await exec.start({ Detach: true, abortSignal })
}

function converse(stream: Duplex, stdin: string, signal: AbortSignal): Promise<Output> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const onAbort = () => stream.destroy()
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= 2 * maxOutputBytes) chunks.push(chunk)
    })
    // A command that ends without reading its input breaks the pipe; its exit code is what counts.
    stream.on('error', () => {})
    stream.once('close', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(demultiplex(Buffer.concat(chunks)))
    })
    // The engine ends its side when the command has ended; only then does the socket close.
    stream.end(stdin)
  })
}

/** A stream that just ends looks like success when the engine dies; only the exit code proves the command's end. */
async function exitCodeOf(exec: Exec, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { Running: running, ExitCode: exitCode } = await exec.inspect({ abortSignal: signal })
    if (!running && exitCode !== null) return exitCode
    await new Promise((resolve) => setTimeout(resolve, 50))
    signal.throwIfAborted()
  }
}
