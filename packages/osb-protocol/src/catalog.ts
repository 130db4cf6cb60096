/**
 * Rules about whole catalogs, as data and pure functions: the lint, the comparison of two versions, and the JSON Schemas
 * of parameters as platforms read them.
 * @module
 */
export { type CatalogFinding, finding, type FindingLevel } from './catalog/catalog-finding.js'
export { compareCatalogs } from './catalog/compare-catalogs.js'
export { lintCatalog } from './catalog/lint-catalog.js'
export { parametersKinds, type PlanSchema, schemasOfCatalog, schemasOfPlan } from './catalog/plan-schemas.js'
export { isObject } from './catalog/json-schema/check-value.js'
export { type Draft, draft04Uri, draftOf } from './catalog/json-schema/drafts.js'
export { type ReadSchema, readSchema } from './catalog/json-schema/read-schema.js'
export type { SchemaFault } from './catalog/json-schema/schema-parts.js'
