import type { Catalog, ServiceOffering } from '../schemas/catalog.js'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'

const mostCharacters = 255
const mostDescriptionCharacters = 10_000
const mostTagCharacters = 2048

/** What stands at offerings, and the catalog as a whole. */
export function lintOfferings({ services }: Catalog): CatalogFinding[] {
  const empty = finding('CC-SERVICES', 'note', ['services'], 'is empty: legal, but Cloud Foundry refuses such a broker')
  return [...(services.length === 0 ? [empty] : []), ...services.flatMap(lintOffering)]
}

function lintOffering(offering: ServiceOffering, index: number): CatalogFinding[] {
  const { description, tags = [], plans, dashboard_client, requires = [] } = offering
  const at = (...path: PropertyKey[]) => ['services', index, ...path]
  const bindable = plans.some((plan) => plan.bindable ?? offering.bindable)
  return [
    ...lintDescription(description, at('description')),
    ...findingsWhere([
      [
        tags.join('').length > mostTagCharacters,
        finding(
          'CC-TAGS',
          'SHOULD',
          at('tags'),
          `together have more than the ${mostTagCharacters} characters of Cloud Foundry; drop some`,
        ),
      ],
      [
        dashboard_client !== undefined && !dashboard_client.redirect_uri,
        finding(
          'CC-REDIRECT-URI',
          'SHOULD',
          at('dashboard_client'),
          'needs a redirect_uri on Cloud Foundry; write where users come back to',
        ),
      ],
      [
        'plan_updatable' in offering && offering.plan_updateable === undefined,
        finding('CAT-27', 'MUST', at('plan_updatable'), 'is read by nobody; write plan_updateable, with the extra e'),
      ],
      [
        requires.some((permission) => permission !== 'syslog_drain'),
        finding('CC-REQUIRES', 'note', at('requires'), 'is refused where Cloud Foundry has that feature switched off'),
      ],
      [
        tags.some((tag) => tag.length > mostCharacters),
        finding('CAT-09', 'SHOULD', at('tags'), `should have ${mostCharacters} characters or less each`),
      ],
      [
        requires.length > 0 && !bindable,
        finding('BIND-03', 'note', at('requires'), 'is of no use: no plan of this offering is bindable; drop it'),
      ],
      [
        bindable && offering.bindings_retrievable !== true,
        finding(
          'T13',
          'note',
          at('bindings_retrievable'),
          'is not true, so that no bind can be asynchronous; write true',
        ),
      ],
    ]),
  ]
}

/** Texts that are longer than the protocol advises, or than Cloud Foundry takes. */
export function lintDescription(description: string, path: readonly PropertyKey[]): CatalogFinding[] {
  return findingsWhere([
    [
      description.length > mostDescriptionCharacters,
      finding(
        'CC-DESCRIPTION',
        'SHOULD',
        path,
        `has more than the ${mostDescriptionCharacters} characters of Cloud Foundry; shorten it`,
      ),
    ],
    [
      description.length > mostCharacters,
      finding('CAT-09', 'SHOULD', path, `should have ${mostCharacters} characters or less`),
    ],
  ])
}
