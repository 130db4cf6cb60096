import type { Catalog } from '../schemas/catalog.js'
import type { JsonObject } from '../schemas/common.js'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'
import { draft04Uri, draftOf } from './json-schema/drafts.js'
import { readSchema } from './json-schema/read-schema.js'
import { schemasOfCatalog } from './plan-schemas.js'

const mostBytes = 65_536
const adviceBytes = 64_000

/** The parameter schemas of plans, but for their patterns. */
export function lintSchemas(catalog: Catalog): CatalogFinding[] {
  return schemasOfCatalog(catalog).flatMap(({ schema, path }) => lintSchema(schema, path))
}

function lintSchema(schema: JsonObject, path: readonly PropertyKey[]): CatalogFinding[] {
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length
  const draft = draftOf(schema['$schema'])
  const { faults } = readSchema(schema)
  const placed = findingsWhere([
    [
      draft === undefined,
      finding('SCH-03', 'MUST', path, `must name its draft in $schema: "${draft04Uri}", or a later one`),
    ],
    [
      draft !== undefined && draft !== '4',
      finding('SCH-01', 'note', [...path, '$schema'], 'is no draft 4, the only one that every platform reads'),
    ],
    [bytes > mostBytes, finding('SCH-05', 'MUST', path, `has ${bytes} bytes, more than ${mostBytes}; shorten it`)],
    [
      bytes > adviceBytes && bytes <= mostBytes,
      finding('SCH-05', 'SHOULD', path, `has ${bytes} bytes; some read "64kB" as ${adviceBytes}`),
    ],
  ])
  const inside = faults.filter(({ rule }) => rule !== 'OSB-PATTERN')
  return [...placed, ...inside.map((each) => finding(each.rule, 'MUST', [...path, ...each.path], each.message))]
}
