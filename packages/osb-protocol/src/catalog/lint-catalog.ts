import { jsonPointer, requirementOf } from '../requirements.js'
import { type Catalog, catalog as catalogSchema } from '../schemas/catalog.js'
import type { CatalogFinding } from './catalog-finding.js'
import { lintIds } from './lint-ids.js'
import { lintMetadata } from './lint-metadata.js'
import { lintOfferings } from './lint-offerings.js'
import { lintPlans } from './lint-plans.js'
import { lintSchemas } from './lint-schemas.js'

/**
 * Judges a catalog by the rules of the specification, of Cloud Controller and of Service Manager. A catalog of another
 * shape than a catalog's is judged by its shape alone.
 * @param catalog the body of `GET /v2/catalog`, of any shape
 * @param more further rules, for a catalog whose shape is right
 * @example
 * const findings = lintCatalog(await (await fetch(`${url}/v2/catalog`, { headers })).json())
 */
export function lintCatalog(
  catalog: unknown,
  ...more: readonly ((catalog: Catalog) => readonly CatalogFinding[])[]
): readonly CatalogFinding[] {
  const parsed = catalogSchema.safeParse(catalog)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      rule: requirementOf('catalog', path) ?? 'CAT-11',
      level: 'MUST',
      pointer: jsonPointer(path),
      message,
    }))
  const lints = [lintIds, lintOfferings, lintPlans, lintMetadata, lintSchemas, ...more]
  return lints.flatMap((lint) => lint(parsed.data))
}
