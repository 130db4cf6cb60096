import { type Catalog, catalog as catalogSchema, jsonPointer, requirementOf } from 'osb-protocol'
import type { CatalogFinding } from './catalog-finding.js'
import { lintIds } from './lint-ids.js'
import { lintOfferings } from './lint-offerings.js'
import { lintPlans } from './lint-plans.js'
import { lintSchemas } from './lint-schemas.js'

/**
 * Judges a catalog by the rules of the specification, of Cloud Controller and of Service Manager. Brokers run it by
 * themselves and do not start with a `MUST` finding; run it in a test to see the rest.
 * @param catalog the body of `GET /v2/catalog`, of any shape
 * @example
 * const findings = lintCatalog(toCatalog(offerings))
 * expect(findings.filter(({ level }) => level !== 'note')).toEqual([])
 */
export function lintCatalog(catalog: unknown): readonly CatalogFinding[] {
  const parsed = catalogSchema.safeParse(catalog)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      rule: requirementOf('catalog', path) ?? 'CAT-11',
      level: 'MUST',
      pointer: jsonPointer(path),
      message,
    }))
  return [lintIds, lintOfferings, lintPlans, lintSchemas].flatMap((lint) => lint(parsed.data))
}

/**
 * Refuses a catalog that breaks the protocol.
 * @throws {TypeError} that lists each `MUST` finding with its place and rule
 */
export function refuseFaultyCatalog(catalog: Catalog): void {
  const faults = lintCatalog(catalog).filter(({ level }) => level === 'MUST')
  if (faults.length === 0) return
  const list = faults.map(({ pointer, message, rule }) => `${pointer} ${message} (${rule})`)
  throw new TypeError(`the catalog is not valid: ${list.join('; ')}`)
}
