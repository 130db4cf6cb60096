import type { Catalog } from '../schemas/catalog.js'
import type { JsonObject } from '../schemas/common.js'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'

type Path = readonly PropertyKey[]

/** Names that platforms show (SMD-01); where they are spelt otherwise, nothing is shown. */
const conventional = {
  offering: [
    'displayName',
    'imageUrl',
    'longDescription',
    'providerDisplayName',
    'documentationUrl',
    'supportUrl',
    'shareable',
  ],
  plan: ['bullets', 'costs', 'displayName'],
} as const

/** `metadata` of offerings and plans. */
export function lintMetadata({ services }: Catalog): CatalogFinding[] {
  return services.flatMap((offering, index) => {
    const path = ['services', index]
    const plans = offering.plans.flatMap(({ metadata = {} }, plan) => {
      const place = [...path, 'plans', plan, 'metadata']
      return [...lintNames(metadata, conventional.plan, place), ...lintPlatforms(metadata, place)]
    })
    const { metadata = {} } = offering
    return [
      ...lintNames(metadata, conventional.offering, [...path, 'metadata']),
      ...lintShareable(metadata['shareable'], [...path, 'metadata', 'shareable']),
      ...plans,
    ]
  })
}

function lintNames(metadata: JsonObject, names: readonly string[], path: Path): CatalogFinding[] {
  return Object.keys(metadata).flatMap((given) => {
    const wanted = names.find((name) => plain(name) === plain(given))
    const isOther = wanted !== undefined && wanted !== given
    return isOther ? [finding('SMD-01', 'SHOULD', [...path, given], `is shown by nobody; write ${wanted}`)] : []
  })
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

function lintShareable(shareable: unknown, path: Path): CatalogFinding[] {
  const isWrong = shareable !== undefined && typeof shareable !== 'boolean'
  return isWrong ? [finding('SMD-04', 'SHOULD', path, 'must be true or false; Cloud Foundry refuses all else')] : []
}

function lintPlatforms({ supportedPlatforms, supportedPlatformNames }: JsonObject, path: Path): CatalogFinding[] {
  const both = supportedPlatforms !== undefined && supportedPlatformNames !== undefined
  const message =
    'has supportedPlatforms and supportedPlatformNames, of which Service Manager takes one; drop the other'
  return findingsWhere([[both, finding('SM-PLATFORMS', 'SHOULD', path, message)]])
}
