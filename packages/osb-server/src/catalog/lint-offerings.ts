import type { Catalog, ServiceOffering } from 'osb-protocol'
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
  const { description, tags = [], metadata = {}, plans, dashboard_client, requires = [] } = offering
  const at = (...path: PropertyKey[]) => ['services', index, ...path]
  const bindable = plans.some((plan) => plan.bindable ?? offering.bindable)
  const shareable = metadata['shareable']
  return [
    ...lintDescription(description, at('description')),
    ...findingsWhere([
      [
        tags.join('').length > mostTagCharacters,
        finding('CC-TAGS', 'SHOULD', at('tags'), `together have more than ${mostTagCharacters} characters`),
      ],
      [
        shareable !== undefined && typeof shareable !== 'boolean',
        finding('SMD-04', 'SHOULD', at('metadata', 'shareable'), 'must be true or false'),
      ],
      [
        dashboard_client !== undefined && !dashboard_client.redirect_uri,
        finding('CC-REDIRECT-URI', 'SHOULD', at('dashboard_client'), 'needs a redirect_uri on Cloud Foundry'),
      ],
      [
        requires.length > 0 && !bindable,
        finding('BIND-03', 'note', at('requires'), 'is of no use: no plan of this offering is bindable'),
      ],
      [
        bindable && offering.bindings_retrievable !== true,
        finding('T13', 'note', at('bindings_retrievable'), 'is not true, so that no bind can be asynchronous'),
      ],
    ]),
  ]
}

/** Texts that are longer than the protocol advises, or than Cloud Foundry takes. */
export function lintDescription(description: string, path: readonly PropertyKey[]): CatalogFinding[] {
  return findingsWhere([
    [
      description.length > mostDescriptionCharacters,
      finding('CC-DESCRIPTION', 'SHOULD', path, `has more than ${mostDescriptionCharacters} characters`),
    ],
    [
      description.length > mostCharacters,
      finding('CAT-09', 'SHOULD', path, `should have ${mostCharacters} characters or less`),
    ],
  ])
}
