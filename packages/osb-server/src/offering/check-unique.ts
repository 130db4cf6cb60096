import type { Catalog } from 'osb-protocol'

interface Named {
  readonly id: string
  readonly name: string
}

/**
 * Makes sure that ids tell the offerings and plans of a catalog apart, and names the offerings of the catalog and the
 * plans of an offering (CAT-18, CAT-21, CAT-30, CAT-33). Names are compared case-sensitively (CAT-13).
 * @throws {TypeError} that names the offering or plan
 */
export function checkUnique({ services }: Catalog): void {
  refuseRepeats(services, 'id', 'service offerings')
  refuseRepeats(services, 'name', 'service offerings')
  refuseRepeats(
    services.flatMap(({ plans }) => plans),
    'id',
    'service plans',
  )
  for (const { name, plans } of services) refuseRepeats(plans, 'name', `plans of the service offering "${name}"`)
}

function refuseRepeats(items: readonly Named[], field: keyof Named, what: string): void {
  const seen = new Set<string>()
  for (const item of items) {
    if (seen.has(item[field])) throw new TypeError(`two ${what} have the ${field} "${item[field]}"`)
    seen.add(item[field])
  }
}
