import { setTimeout as wait } from 'node:timers/promises'
import { VcapError, isVcapError } from './errors.js'
import { readVcapServices, type ReadVcapServicesOptions } from './read-vcap-services.js'
import type { VcapServices } from './vcap-services.js'

export interface WatchVcapServicesOptions extends Omit<ReadVcapServicesOptions, 'value'> {
  /** Ends the watch; a wait that is under way ends at once. */
  readonly signal: AbortSignal
  /** How often the source is read, in milliseconds. @default 5000 */
  readonly intervalMs?: number
}

/**
 * Yields the services now, and again whenever their source has changed: Kubernetes renews the files of a binding while
 * the app runs. The source is read at intervals, because notices of the file system do not come from every mount.
 *
 * A read that fails while files are being replaced is repeated once, after the interval. The watch alone does not keep
 * the process running.
 *
 * @throws {VcapError} what {@link readVcapServices} throws; `INVALID_OPTION` when the interval is not a positive number.
 * @example
 * for await (const services of watchVcapServices({ signal })) {
 *   pool.rotate(services.credentials({ label: 'mysql' }))
 * }
 */
export async function* watchVcapServices({
  signal,
  intervalMs = 5000,
  ...options
}: WatchVcapServicesOptions): AsyncGenerator<VcapServices, void, undefined> {
  if (!(intervalMs > 0)) throw new VcapError('INVALID_OPTION', 'intervalMs must be a number above 0')
  let seen: string | undefined
  let hasFailed = false
  while (!signal.aborted) {
    const services = tryRead(options, hasFailed)
    hasFailed = services === undefined
    const content = services && contentOf(services)
    if (services !== undefined && content !== seen) {
      seen = content
      yield services
    }
    // Also ends here when the signal came while the caller had the turn.
    await wait(intervalMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

function tryRead(options: ReadVcapServicesOptions, mustSucceed: boolean): VcapServices | undefined {
  try {
    return readVcapServices(options)
  } catch (error) {
    if (mustSucceed || !isVcapError(error) || error.code === 'NOT_SET') throw error
    return undefined
  }
}

function contentOf({ all }: VcapServices): string {
  return JSON.stringify(all.map(({ label, entry }) => [label, { ...entry }]))
}
