import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A broker as a process of its own, as in production. */
export interface BrokerProcess {
  readonly url: string
  readonly engine: string
  readonly pid: number
  /** What it wrote to its error output lately. */
  log(): string
  /** Ends it, by SIGTERM unless told otherwise, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Lets it live on after this process. */
  release(): void
}

const broker = fileURLToPath(new URL('../../examples/collector-broker/src/broker.js', import.meta.url))
const startTimeoutMs = 120_000
const stopTimeoutMs = 20_000
const logCharacters = 4_000

/**
 * Starts `examples/collector-broker` on the sources of the workspace and waits until it listens.
 * @param environment its settings; secrets are in here and never on the command line
 * @throws {Error} with the end of its log when it ends or is silent too long
 */
export async function startBroker(
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BrokerProcess> {
  const child = spawn(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', broker], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the demo, which ends the broker when it has cleaned up with it.
    detached: true,
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logCharacters)
  })
  const stop = async (how: NodeJS.Signals = 'SIGTERM') => {
    if (hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill(how)
    const late = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(late)
  }
  try {
    const ready = await firstLine(child, AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]))
    const { url, engine } = JSON.parse(ready) as { url: string; engine: string }
    return {
      url,
      engine,
      pid: child.pid ?? 0,
      log: () => log,
      stop,
      release() {
        child.unref()
        child.stderr.destroy()
        child.stdout.destroy()
      },
    }
  } catch (error) {
    await stop('SIGKILL')
    if (signal.aborted) throw error
    throw new Error(`the broker did not start${log === '' ? '' : `; its log ends with: ${log.trim()}`}`, {
      cause: error,
    })
  }
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string> {
  if (!child.stdout) throw new Error('the broker has no output')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line', { signal }),
    once(lines, 'close', { signal }).then(() => {
      throw new Error('it ended before it listened')
    }),
  ])) as [string]
  return line
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
