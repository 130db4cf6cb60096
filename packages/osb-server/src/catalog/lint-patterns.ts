import type { Catalog } from 'osb-protocol'
import { type CatalogFinding, finding, readSchema, schemasOfCatalog } from 'osb-protocol/catalog'
import { judgePattern } from './json-schema/judge-pattern.js'
import { patternFaults } from './json-schema/interpret-schema.js'

/** The patterns of parameter schemas: whether they can be run, and how long on texts that are made for it. */
export function lintPatterns(catalog: Catalog): CatalogFinding[] {
  return schemasOfCatalog(catalog).flatMap(({ schema, path }) => {
    const { faults, patterns } = readSchema(schema)
    const wrong = [...faults.filter(({ rule }) => rule === 'OSB-PATTERN'), ...patterns.flatMap(patternFaults)]
    const slow = patterns.filter(({ pattern }) => judgePattern(pattern) === 'many ways')
    return [
      ...wrong.map((fault) => finding(fault.rule, 'MUST', [...path, ...fault.path], fault.message)),
      ...slow.map((each) =>
        finding('OSB-PATTERN', 'SHOULD', [...path, ...each.path], 'can match one text in very many ways; simplify it'),
      ),
    ]
  })
}
