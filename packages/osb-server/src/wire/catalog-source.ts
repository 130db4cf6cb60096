import { type Catalog, parseApiVersion, protocolVersion } from 'osb-protocol'
import type { BrokerBackend } from '../backend.js'
import { type CatalogSnapshot, toCatalogSnapshot } from './catalog-snapshot.js'

/** Where the wire storey takes its catalog from. */
export interface CatalogSource {
  /** The version in use; the first call loads it, and so does each one after a load that failed. */
  current(): CatalogSnapshot | Promise<CatalogSnapshot>
  /** Loads anew and swaps when all is done; a load that began later is never replaced by an earlier one. */
  reload(): Promise<void>
}

/** @param runsSchemas whether the schemas of the catalog validate parameters, as nothing else does */
export function createCatalogSource(backend: BrokerBackend, tenant: string, runsSchemas: boolean): CatalogSource {
  let current: CatalogSnapshot | undefined
  let firstLoad: Promise<CatalogSnapshot> | undefined
  let begun = 0
  let shown = 0

  async function load(): Promise<CatalogSnapshot> {
    const turn = ++begun
    const snapshot = await toCatalogSnapshot(await loadCatalog(backend, tenant), runsSchemas)
    if (turn < shown) return current ?? snapshot
    shown = turn
    current = snapshot
    return snapshot
  }

  return {
    current() {
      if (current) return current
      firstLoad ??= load().finally(() => {
        firstLoad = undefined
      })
      return firstLoad
    },
    async reload() {
      await load()
    },
  }
}

async function loadCatalog(backend: BrokerBackend, tenant: string): Promise<Catalog> {
  const apiVersion = parseApiVersion(protocolVersion) ?? { major: 2, minor: 0 }
  const outcome = await backend.catalog({}, { tenant, apiVersion, signal: new AbortController().signal })
  if (outcome.outcome !== 'found')
    throw new TypeError('the back end answered a catalog call that had no etag with "unchanged"')
  return outcome.body
}
