import type { ServiceOffering, ServicePlan } from '../schemas/catalog.js'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'
import { findNarrowings } from './json-schema/narrowings.js'
import { schemasOfPlan } from './plan-schemas.js'
import { compareVersions } from './semantic-version.js'

type Path = readonly PropertyKey[]

/** A plan with the offering that it inherits from. */
export interface OfferedPlan {
  readonly offering: ServiceOffering
  readonly plan: ServicePlan
}

/** What has changed of a plan that both catalogs have. @param path of the plan in the catalog of after */
export function comparePlans(before: OfferedPlan, after: OfferedPlan, path: Path): CatalogFinding[] {
  const { name } = after.plan
  const renamed = `was "${before.plan.name}" before; scripts that use the name have to change`
  return [
    ...findingsWhere([[before.plan.name !== name, finding('CAT-03', 'SHOULD', [...path, 'name'], renamed)]]),
    ...flips(before, after, path),
    ...compareMaintenance(before.plan, after.plan, [...path, 'maintenance_info']),
    ...compareSchemas(before.plan, after.plan, path),
  ]
}

const isBindable = ({ offering, plan }: OfferedPlan) => plan.bindable ?? offering.bindable
const isUpdateable = ({ offering, plan }: OfferedPlan) => plan.plan_updateable ?? offering.plan_updateable ?? false

/** T28: what counts is the plan's word, else the offering's. */
function flips(before: OfferedPlan, after: OfferedPlan, path: Path): CatalogFinding[] {
  return findingsWhere([
    [
      isBindable(before) && !isBindable(after),
      finding(
        'CAT-37',
        'SHOULD',
        [...path, 'bindable'],
        'is false now; instances that apps are bound to lose new binds',
      ),
    ],
    [
      !isBindable(before) && isBindable(after),
      finding('CAT-37', 'note', [...path, 'bindable'], 'is true now; instances of before can be bound, too'),
    ],
    [
      isUpdateable(before) && !isUpdateable(after),
      finding(
        'CAT-39',
        'SHOULD',
        [...path, 'plan_updateable'],
        'is false now; instances cannot leave the plan any more',
      ),
    ],
    [
      !isUpdateable(before) && isUpdateable(after),
      finding('CAT-39', 'note', [...path, 'plan_updateable'], 'is true now; instances of before can leave the plan'),
    ],
  ])
}

function compareMaintenance(before: ServicePlan, after: ServicePlan, path: Path): CatalogFinding[] {
  const [old, now] = [before.maintenance_info?.version, after.maintenance_info?.version]
  if (old === now) return []
  if (now === undefined)
    return [finding('MNT-07', 'SHOULD', path, `is gone; requests with the version ${old} are refused from now on`)]
  const version = [...path, 'version']
  if (old !== undefined && compareVersions(now, old) < 0)
    return [finding('MNT-01', 'SHOULD', version, `comes before ${old}; maintenance cannot go back, use a higher one`)]
  return [finding('MNT-02', 'note', version, `is ${now} now; platforms offer the update to all instances`)]
}

function compareSchemas(before: ServicePlan, after: ServicePlan, path: Path): CatalogFinding[] {
  const old = new Map(schemasOfPlan(before).map(({ kind, schema }) => [kind, schema]))
  return schemasOfPlan(after).flatMap(({ kind, path: place, schema }) =>
    schema
      ? findNarrowings(old.get(kind), schema).map((narrowing) =>
          finding('OSB-NARROWED', 'SHOULD', [...path, ...place, ...narrowing.path], narrowing.message),
        )
      : [],
  )
}
