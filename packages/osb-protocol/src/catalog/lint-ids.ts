import type { Catalog } from '../schemas/catalog.js'
import { type CatalogFinding, finding, type FindingLevel, findingsWhere } from './catalog-finding.js'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Reserved by RFC 3986; Service Manager takes no id with one of them. */
const reserved = /[:/?#[\]@!$&'()*+,;=]/
const mostCharacters = 255
const tooLong = `should have ${mostCharacters} characters or less; shorten it`
const cliFriendly = /^[A-Za-z0-9.-]*[A-Za-z0-9][A-Za-z0-9.-]*$/

interface Entry {
  readonly path: readonly PropertyKey[]
  readonly id: string
  readonly name: string
}

/** Ids and names of offerings and plans: present twice, or of a form that platforms have trouble with. */
export function lintIds({ services }: Catalog): CatalogFinding[] {
  const offerings = services.map(({ id, name }, index) => ({ path: ['services', index], id, name }))
  const plans = services.map((offering, index) =>
    offering.plans.map(({ id, name }, plan) => ({ path: ['services', index, 'plans', plan], id, name })),
  )
  const clients = services.flatMap(({ dashboard_client }, index) =>
    dashboard_client ? [{ path: ['services', index, 'dashboard_client'], id: dashboard_client.id, name: '' }] : [],
  )
  return [
    ...repeats(offerings, 'id', 'CAT-21', 'MUST', 'service offerings'),
    ...repeats(offerings, 'name', 'CAT-18', 'MUST', 'service offerings'),
    ...repeats(plans.flat(), 'id', 'CAT-30', 'MUST', 'service plans'),
    ...plans.flatMap((own) => repeats(own, 'name', 'CAT-33', 'MUST', 'plans of one service offering')),
    ...repeats(clients, 'id', 'CC-DASHBOARD-CLIENT', 'SHOULD', 'dashboard clients'),
    ...offerings.flatMap((entry) => lintEntry(entry, 'CAT-22', 'CAT-19')),
    ...plans.flat().flatMap((entry) => lintEntry(entry, 'CAT-31', 'CAT-34')),
  ]
}

function repeats(
  entries: readonly Entry[],
  field: 'id' | 'name',
  rule: string,
  level: FindingLevel,
  what: string,
): CatalogFinding[] {
  const seen = new Set<string>()
  return entries.flatMap((entry) => {
    if (!seen.has(entry[field])) {
      seen.add(entry[field])
      return []
    }
    const message = `two ${what} have the ${field} "${entry[field]}"; give each its own`
    return [finding(rule, level, [...entry.path, field], message)]
  })
}

function lintEntry({ path, id, name }: Entry, idRule: string, nameRule: string): CatalogFinding[] {
  const at = (field: string) => [...path, field]
  return findingsWhere([
    [
      !guid.test(id),
      finding(
        idRule,
        'SHOULD',
        at('id'),
        'should be a GUID, which no other broker can have; make one and never change it',
      ),
    ],
    [
      reserved.test(id),
      finding(
        'SM-ID',
        'SHOULD',
        at('id'),
        'has a character that is reserved in URLs, which Service Manager refuses; use a GUID',
      ),
    ],
    [id.trim() === '', finding('CC-BLANK', 'SHOULD', at('id'), 'is blank, which Cloud Foundry refuses; use a GUID')],
    [
      name.trim() === '',
      finding('CC-BLANK', 'SHOULD', at('name'), 'is blank, which Cloud Foundry refuses; write a word'),
    ],
    [id.length > mostCharacters, finding('CAT-09', 'SHOULD', at('id'), tooLong)],
    [name.length > mostCharacters, finding('CAT-09', 'SHOULD', at('name'), tooLong)],
    [name === '-', finding('CAT-14', 'SHOULD', at('name'), 'says nothing and troubles command lines; write a word')],
    [
      !cliFriendly.test(name),
      finding(nameRule, 'SHOULD', at('name'), 'should have letters, digits, "." and "-" only, so that it can be typed'),
    ],
  ])
}
