import type { Catalog } from 'osb-protocol'
import { type CatalogFinding, lintCatalog as lintByProtocol } from 'osb-protocol/catalog'
import { lintPatterns } from './lint-patterns.js'

/**
 * Judges a catalog by the rules of the specification, of Cloud Controller and of Service Manager. Brokers run it by
 * themselves and do not start with a `MUST` finding; run it in a test to see the rest.
 * @param catalog the body of `GET /v2/catalog`, of any shape
 * @example
 * const findings = lintCatalog(toCatalog(offerings))
 * expect(findings.filter(({ level }) => level !== 'note')).toEqual([])
 */
export function lintCatalog(catalog: unknown): readonly CatalogFinding[] {
  return lintByProtocol(catalog, lintPatterns)
}

/**
 * Refuses a catalog that breaks the protocol.
 * @param runsSchemas whether its schemas validate parameters here, so that their patterns have to be bounded; those of
 *   validators of the author's own are not run
 * @throws {TypeError} that lists each `MUST` finding with its place and rule
 */
export function refuseFaultyCatalog(catalog: Catalog, runsSchemas: boolean): void {
  const findings = runsSchemas ? lintCatalog(catalog) : lintByProtocol(catalog)
  const faults = findings.filter(({ level }) => level === 'MUST')
  if (faults.length === 0) return
  const list = faults.map(({ pointer, message, rule }) => `${pointer} ${message} (${rule})`)
  throw new TypeError(`the catalog is not valid: ${list.join('; ')}`)
}
