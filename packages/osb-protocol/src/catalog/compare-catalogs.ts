import type { Catalog, ServiceOffering } from '../schemas/catalog.js'
import { type CatalogFinding, finding } from './catalog-finding.js'
import { comparePlans, type OfferedPlan } from './compare-plans.js'

type Path = readonly PropertyKey[]

interface Placed {
  readonly path: Path
}

/**
 * What the next version of a catalog does to instances, bindings and scripts of the one before: offerings and plans
 * that are gone or have another name or id, ids that stand for something else now, schemas that take less, flags that
 * have flipped, maintenance versions. `MUST` findings break the promise that ids never change (CAT-05, CAT-21, CAT-30).
 * Both catalogs have to be valid. Pointers are into `after`, but into `before` for what is gone.
 * @example
 * const findings = compareCatalogs(await (await fetch(url)).json(), toCatalog(offerings))
 * expect(findings.filter(({ level }) => level === 'MUST')).toEqual([])
 */
export function compareCatalogs(before: Catalog, after: Catalog): readonly CatalogFinding[] {
  const [old, now] = [indexCatalog(before), indexCatalog(after)]
  return [
    ...[...old.offerings].flatMap(([id, offering]) => goneOffering(id, offering, now)),
    ...[...old.plans].flatMap(([id, plan]) => gonePlan(id, plan, now)),
    ...[...now.offerings].flatMap(([id, offering]) => keptOffering(old.offerings.get(id), offering)),
    ...[...now.plans].flatMap(([id, plan]) => keptPlan(old.plans.get(id), plan)),
  ]
}

type PlacedOffering = Placed & { readonly offering: ServiceOffering }
type PlacedPlan = Placed & OfferedPlan

interface CatalogIndex {
  readonly offerings: ReadonlyMap<string, PlacedOffering>
  readonly plans: ReadonlyMap<string, PlacedPlan>
}

function indexCatalog({ services }: Catalog): CatalogIndex {
  const offerings = services.map((offering, index) => ({ offering, path: ['services', index] as Path }))
  const plans = offerings.flatMap(({ offering, path }) =>
    offering.plans.map((plan, index) => ({ offering, plan, path: [...path, 'plans', index] })),
  )
  return {
    offerings: new Map(offerings.map((placed) => [placed.offering.id, placed])),
    plans: new Map(plans.map((placed) => [placed.plan.id, placed])),
  }
}

function goneOffering(id: string, { offering, path }: PlacedOffering, now: CatalogIndex): CatalogFinding[] {
  if (now.offerings.has(id)) return []
  const heir = [...now.offerings.values()].find((other) => other.offering.name === offering.name)
  if (heir) return [otherId(heir.path, id)]
  return [finding('CAT-07', 'SHOULD', path, 'is gone; keep it until it has no instances, with all its plans retired')]
}

function gonePlan(id: string, { offering, plan, path }: PlacedPlan, now: CatalogIndex): CatalogFinding[] {
  if (now.plans.has(id)) return []
  const heir = [...now.plans.values()].find((other) => {
    const sameOffering = other.offering.id === offering.id || other.offering.name === offering.name
    return sameOffering && other.plan.name === plan.name
  })
  if (heir) return [otherId(heir.path, id)]
  return [finding('CAT-07', 'SHOULD', path, 'is gone; mark it as retired until it has no instances')]
}

function otherId(path: Path, id: string): CatalogFinding {
  return finding('CAT-05', 'MUST', [...path, 'id'], `was "${id}" before; ids never change, so write the old one again`)
}

function keptOffering(before: PlacedOffering | undefined, { offering, path }: PlacedOffering): CatalogFinding[] {
  if (!before || before.offering.name === offering.name) return []
  const ids = new Set(before.offering.plans.map((plan) => plan.id))
  const place = [...path, 'id']
  if (!offering.plans.some((plan) => ids.has(plan.id)))
    return [finding('CAT-21', 'MUST', place, `was the id of "${before.offering.name}"; give the new offering its own`)]
  const renamed = `was "${before.offering.name}" before; scripts that use the name have to change`
  return [finding('CAT-03', 'SHOULD', [...path, 'name'], renamed)]
}

function keptPlan(before: PlacedPlan | undefined, after: PlacedPlan): CatalogFinding[] {
  if (!before) return []
  if (before.offering.id === after.offering.id) return comparePlans(before, after, after.path)
  const message = `was a plan of "${before.offering.name}"; an id stays with its offering, so give the new plan its own`
  return [finding('CAT-30', 'MUST', [...after.path, 'id'], message)]
}
