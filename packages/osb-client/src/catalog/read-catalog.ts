import type { Catalog, CatalogOutcome } from 'osb-protocol'
import { callOperation } from '../operations/call-operation.js'
import type { Session } from '../session.js'

/** How to read the catalog through the cache. */
export interface CatalogReadOptions {
  /**
   * How old the copy may be, in milliseconds, to be taken without asking the broker. A `MaintenanceInfoConflict` makes
   * it too old, whatever its age (ERR-12).
   * @default 0
   */
  readonly maxAgeMs?: number | undefined
  /** Ends the wait; a reading that others wait for too goes on. */
  readonly signal?: AbortSignal | undefined
}

/** The catalog: the copy while it is young enough, else what the broker says; an unchanged one is not sent again. */
export async function readCatalog(session: Session, options: CatalogReadOptions = {}): Promise<Catalog> {
  const { maxAgeMs = 0, signal } = options
  signal?.throwIfAborted()
  const { copy, isStale } = session.catalogCache
  if (copy && !isStale && session.clock.now() - copy.atMs < maxAgeMs) return copy.body
  const reading = (session.catalogCache.reading ??= refresh(session))
  return signal ? endingWith(signal, reading) : reading
}

async function refresh(session: Session): Promise<Catalog> {
  const cache = session.catalogCache
  try {
    const { copy } = cache
    cache.isStale = false
    const answer: CatalogOutcome = await callOperation(session, 'catalog', copy?.etag ? { etag: copy.etag } : {})
    const atMs = session.clock.now()
    if (answer.outcome === 'found') cache.copy = { body: answer.body, etag: answer.etag, atMs }
    else if (copy) cache.copy = { ...copy, atMs }
    return (cache.copy as NonNullable<typeof cache.copy>).body
  } catch (error) {
    cache.isStale = true
    throw error
  } finally {
    cache.reading = undefined
  }
}

async function endingWith<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
