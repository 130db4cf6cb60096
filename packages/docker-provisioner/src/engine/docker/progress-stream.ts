import type { Readable } from 'node:stream'
import { ProvisionerError } from '../../errors.js'

/** One message of a pull, load, import or build. */
interface Message {
  readonly id?: string
  readonly status?: string
  readonly error?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
}

export interface ProgressOptions {
  /** Silence after which it is given up: a pull can stop without an end (apocas/dockerode#167). Default: none. */
  readonly stallMs?: number | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

const longestLine = 1024 * 1024
const mebibyte = 1024 * 1024
const betweenReportsMs = 1_000

/**
 * Reads a stream of progress messages to its end. The engine answers 200 and reports failures inside of it, and
 * dockerode's own promise ends when the stream begins (apocas/dockerode#647).
 * @throws ProvisionerError `ENGINE_FAILED` with the engine's text, `TIMEOUT` when nothing comes for too long
 */
export async function readProgress(stream: Readable, { stallMs, onProgress }: ProgressOptions = {}): Promise<void> {
  const silence = new ProvisionerError('TIMEOUT', `Docker reported no progress for ${(stallMs ?? 0) / 1000} s`)
  const timer = stallMs === undefined ? undefined : setTimeout(() => stream.destroy(silence), stallMs)
  const layers = new Map<string, Message>()
  let [rest, reportedAt] = ['', 0]
  try {
    for await (const chunk of stream) {
      timer?.refresh()
      const lines = (rest + String(chunk)).split('\n')
      rest = (lines.pop() ?? '').slice(-longestLine)
      for (const line of lines) note(line, layers)
      if (layers.size === 0 || Date.now() - reportedAt < betweenReportsMs) continue
      reportedAt = Date.now()
      onProgress?.(summary([...layers.values()]))
    }
    note(rest, layers)
  } finally {
    clearTimeout(timer)
  }
}

function note(line: string, layers: Map<string, Message>): void {
  const message = parse(line)
  if (typeof message?.error === 'string') throw new ProvisionerError('ENGINE_FAILED', `Docker: ${message.error}`)
  if (typeof message?.id === 'string' && message.progressDetail) layers.set(message.id, message)
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message
  } catch {
    return undefined
  }
}

function summary(layers: readonly Message[]): string {
  const done = layers.filter(({ status = '' }) => /complete|exists/i.test(status)).length
  const bytes = layers.reduce((sum, { progressDetail }) => sum + (progressDetail?.current ?? 0), 0)
  return `${done} of ${layers.length} layers done, ${Math.round(bytes / mebibyte)} MiB on their way`
}
