import { setTimeout as sleep } from 'node:timers/promises'
import { isProvisionerError } from '../errors.js'

const firstPauseMs = 250
const longestPauseMs = 5_000
const giveUpMs = 600_000

/**
 * Runs an idempotent step, again and again while the engine does not answer: a lost engine is a pause, not a failure.
 * Gives up after 10 minutes, or when the signal aborts, with its reason.
 */
export async function waitForEngine<T>(
  step: () => Promise<T>,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (text: string) => Promise<void> },
): Promise<T> {
  const endsAt = Date.now() + giveUpMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await step()
    } catch (error) {
      if (!isProvisionerError(error, 'DOCKER_UNREACHABLE') || Date.now() > endsAt) throw error
      await progress('waiting for the Docker engine, which does not answer')
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
