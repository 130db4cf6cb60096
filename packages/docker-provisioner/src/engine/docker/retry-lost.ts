import { setTimeout as sleep } from 'node:timers/promises'
import { isProvisionerError } from '../../errors.js'

const pausesMs = [100, 400] as const

/**
 * Runs a call that may be done again, up to three times while the engine does not answer: a connection that broke says
 * nothing of the engine.
 */
export async function retryLost<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await run()
    } catch (error) {
      if (!isProvisionerError(error, 'DOCKER_UNREACHABLE')) throw error
      await sleep(pauseMs, undefined, { signal })
    }
  }
  return run()
}
