import { isBrokerClientError } from '../errors/client-error.js'
import { isOperationFailedError } from '../errors/operation-failed-error.js'
import { type Orphan, orphanOf } from '../orphans/orphan.js'
import type { BrokerRecord } from './state.js'
import type { World } from './world.js'

/** What a failed create left: nothing, a failed thing that the broker knows, or one that may still be there. */
export type Remains = 'nothing' | 'failed' | 'orphan'

const attempts = 3

/** Deletes what a failed create may have left behind, as the platform of the profile would. */
export async function mitigate(
  world: World,
  broker: BrokerRecord,
  error: unknown,
  call: Orphan,
  apiVersion?: string,
): Promise<Remains> {
  const orphan = orphanOf(error, call)
  if (!orphan) return isOperationFailedError(error) ? 'failed' : 'nothing'
  const client = await world.client(broker, apiVersion)
  try {
    await client.mitigateOrphan(orphan, { attempts })
    return 'nothing'
  } catch (failure) {
    if (isBrokerClientError(failure)) return 'orphan'
    throw failure
  }
}

/** Whether the broker, or the way to it, has failed; anything else leaves it unknown how the call ended. */
export const isFailureOfBroker = isBrokerClientError

/** What to say about a failed operation, in the words of its broker. */
export function saidBy(error: unknown): string {
  if (isOperationFailedError(error)) return error.lastOperation?.description ?? error.message
  return error instanceof Error ? error.message : String(error)
}
