import type { Catalog, JsonObject, ServicePlan } from 'osb-protocol'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'

const mostBytes = 65_536
const adviceBytes = 64_000
const draft04 = /^https?:\/\/json-schema\.org\/draft-04\/schema#?$/
const deepest = 100

/** The parameter schemas of plans. */
export function lintSchemas({ services }: Catalog): CatalogFinding[] {
  return services.flatMap(({ plans }, service) =>
    plans.flatMap((plan, index) =>
      schemasOf(plan).flatMap(([path, schema]) =>
        lintSchema(schema, ['services', service, 'plans', index, 'schemas', ...path, 'parameters']),
      ),
    ),
  )
}

function schemasOf({ schemas }: ServicePlan): (readonly [readonly string[], JsonObject])[] {
  const places = [
    [['service_instance', 'create'], schemas?.service_instance?.create?.parameters],
    [['service_instance', 'update'], schemas?.service_instance?.update?.parameters],
    [['service_binding', 'create'], schemas?.service_binding?.create?.parameters],
  ] as const
  return places.flatMap(([path, schema]) => (schema ? [[path, schema] as const] : []))
}

function lintSchema(schema: JsonObject, path: readonly PropertyKey[]): CatalogFinding[] {
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length
  const { $schema } = schema
  return [
    ...findingsWhere([
      [typeof $schema !== 'string', finding('SCH-03', 'MUST', path, 'must name its draft in $schema')],
      [
        typeof $schema === 'string' && !draft04.test($schema),
        finding('SCH-01', 'note', [...path, '$schema'], 'is no draft 4, the only one that every platform reads'),
      ],
      [bytes > mostBytes, finding('SCH-05', 'MUST', path, `has ${bytes} bytes, more than ${mostBytes}`)],
      [
        bytes > adviceBytes && bytes <= mostBytes,
        finding('SCH-05', 'SHOULD', path, `has ${bytes} bytes; some read "64kB" as ${adviceBytes}`),
      ],
    ]),
    ...lintKeywords(schema, path, 0),
  ]
}

/** References at any depth. Values that only look like a schema, in `enum` or `default`, are passed over. */
function lintKeywords(node: unknown, path: readonly PropertyKey[], depth: number): CatalogFinding[] {
  if (typeof node !== 'object' || node === null) return []
  if (depth > deepest) return [finding('OSB-DEPTH', 'MUST', path, `is nested more than ${deepest} levels deep`)]
  if (Array.isArray(node)) return node.flatMap((item, index) => lintKeywords(item, [...path, index], depth + 1))
  return Object.entries(node as JsonObject).flatMap(([key, value]) => {
    const here = [...path, key]
    if (key === 'enum' || key === 'default' || key === 'const' || key === 'examples') return []
    if (key === '$ref' && typeof value === 'string')
      return value.startsWith('#') ? [] : [finding('SCH-04', 'MUST', here, 'must not point outside of the schema')]
    return lintKeywords(value, here, depth + 1)
  })
}
