import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerStatus, Engine } from '../engine/engine.js'
import { isProvisionerError, ProvisionerError } from '../errors.js'
import type { ReadyStrategy } from './ready-strategy.js'

export interface WaitOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const pauseMs = 100
const maxRestarts = 3

/**
 * Looks every 100 ms until the service is ready.
 * @throws ProvisionerError `NOT_READY` with the last log lines, as soon as the service has ended or its time is over
 */
export async function waitUntilReady(
  engine: Engine,
  name: string,
  ready: ReadyStrategy,
  { timeoutMs, signal }: WaitOptions,
): Promise<ContainerStatus> {
  const endsAt = Date.now() + timeoutMs
  for (;;) {
    const status = await engine.inspectContainer(name, { signal })
    if (!status) throw new ProvisionerError('NOT_READY', 'the service was removed while it started')
    if (status.state === 'stopped' || status.restarts >= maxRestarts) {
      throw await notReady(engine, name, 'the service ended while it started', signal)
    }
    const missing = await look(engine, status, ready, signal)
    if (missing === undefined) return status
    if (Date.now() > endsAt)
      throw await notReady(engine, name, `not ready after ${timeoutMs / 1000} s: ${missing}`, signal)
    await sleep(pauseMs, undefined, { signal })
  }
}

async function look(
  engine: Engine,
  status: ContainerStatus,
  ready: ReadyStrategy,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (status.state !== 'running') return `the service is ${status.state}`
  try {
    return await ready({
      status,
      signal,
      exec: (command, stdin) => engine.exec(status.name, command, { stdin, signal, timeoutMs: 10_000 }),
      logs: () => engine.logs(status.name, { lines: 200, signal }),
    })
  } catch (error) {
    if (isProvisionerError(error, 'NOT_RUNNING') || isProvisionerError(error, 'TIMEOUT')) return error.message
    throw error
  }
}

async function notReady(engine: Engine, name: string, message: string, signal: AbortSignal): Promise<ProvisionerError> {
  const lastLines = await engine.logs(name, { lines: 10, signal }).catch(() => [])
  return new ProvisionerError('NOT_READY', message, { lastLines })
}
