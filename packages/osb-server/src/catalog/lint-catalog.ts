import { type Catalog, catalog as catalogSchema, jsonPointer, requirementOf } from 'osb-protocol'
import type { CatalogFinding } from './catalog-finding.js'
import { lintIds } from './lint-ids.js'
import { lintOfferings } from './lint-offerings.js'
import { lintMetadata } from './lint-metadata.js'
import { lintPatterns } from './lint-patterns.js'
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
  return runLints(catalog, [...lints, lintPatterns])
}

type Lint = (catalog: Catalog) => readonly CatalogFinding[]

const lints: readonly Lint[] = [lintIds, lintOfferings, lintPlans, lintMetadata, lintSchemas]

function runLints(catalog: unknown, all: readonly Lint[]): readonly CatalogFinding[] {
  const parsed = catalogSchema.safeParse(catalog)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      rule: requirementOf('catalog', path) ?? 'CAT-11',
      level: 'MUST',
      pointer: jsonPointer(path),
      message,
    }))
  return all.flatMap((lint) => lint(parsed.data))
}

/**
 * Refuses a catalog that breaks the protocol.
 * @param runsSchemas whether its schemas validate parameters here, so that their patterns have to be bounded; those of
 *   validators of the author's own are not run
 * @throws {TypeError} that lists each `MUST` finding with its place and rule
 */
export function refuseFaultyCatalog(catalog: Catalog, runsSchemas: boolean): void {
  const faults = runLints(catalog, runsSchemas ? [...lints, lintPatterns] : lints).filter(
    ({ level }) => level === 'MUST',
  )
  if (faults.length === 0) return
  const list = faults.map(({ pointer, message, rule }) => `${pointer} ${message} (${rule})`)
  throw new TypeError(`the catalog is not valid: ${list.join('; ')}`)
}
