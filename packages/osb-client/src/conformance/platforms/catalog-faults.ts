import { type Catalog, permissions } from 'osb-protocol'
import { lintCatalog } from 'osb-protocol/catalog'

/**
 * What Cloud Controller refuses a catalog for: what breaks a MUST of its shape, names and ids, and its own limits. The
 * index of the offering stands in the text.
 */
export function catalogFaults(catalog: Catalog): readonly string[] {
  const findings = lintCatalog(catalog).filter(
    ({ rule, level }) => level === 'MUST' || (rule.startsWith('CC-') && (level === 'SHOULD' || rule === 'CC-SERVICES')),
  )
  const unknown = catalog.services.flatMap(({ requires = [] }, index) =>
    requires
      .filter((permission) => !(permissions as readonly string[]).includes(permission))
      .map((permission) => `/services/${index}/requires has ${permission}, which it does not know`),
  )
  return [...findings.map(({ pointer, message }) => `${pointer || '/'} ${message}`), ...unknown]
}
