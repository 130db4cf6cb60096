import type { BrokerStore } from '../stores/broker-store.js'
import { unref } from './timers.js'

const atOnce = 1_000
const mostIntervalMs = 600_000

/** Removes the records of ended deletes once they are older than the retention time. @returns how to stop it */
export function purgeDeletedFromTimeToTime(
  store: BrokerStore,
  retentionMs: number,
  onFault: (error: unknown) => void,
): () => void {
  let purging = false
  const purge = async () => {
    if (purging) return
    purging = true
    try {
      while ((await store.purgeDeleted(Date.now() - retentionMs, atOnce)) === atOnce);
    } catch (error) {
      onFault(error)
    } finally {
      purging = false
    }
  }
  const timer = setInterval(() => void purge(), Math.min(Math.max(retentionMs, 1_000), mostIntervalMs))
  unref(timer)
  return () => clearInterval(timer)
}
