import type { Catalog, ServiceOffering, ServicePlan } from '../schemas/catalog.js'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'
import { lintDescription } from './lint-offerings.js'
import { isSemanticVersion } from './semantic-version.js'

const mostMaintenanceCharacters = 2000

/** What stands at plans. */
export function lintPlans({ services }: Catalog): CatalogFinding[] {
  return services.flatMap((offering, service) =>
    offering.plans.flatMap((plan, index) => lintPlan(offering, plan, ['services', service, 'plans', index])),
  )
}

function lintPlan(offering: ServiceOffering, plan: ServicePlan, path: readonly PropertyKey[]): CatalogFinding[] {
  const { description, maximum_polling_duration: seconds, schemas, binding_rotatable } = plan
  const bindable = plan.bindable ?? offering.bindable
  const at = (...rest: PropertyKey[]) => [...path, ...rest]
  return [
    ...lintDescription(description, at('description')),
    ...lintMaintenance(plan, at('maintenance_info')),
    ...lintCosts(plan.metadata?.['costs'], at('metadata', 'costs')),
    ...findingsWhere([
      [
        seconds !== undefined && seconds <= 0,
        finding(
          'POL-02',
          'SHOULD',
          at('maximum_polling_duration'),
          'should be a number of seconds above 0; leave it out for no limit of your own',
        ),
      ],
      [
        'plan_updatable' in plan && plan.plan_updateable === undefined,
        finding('CAT-27', 'MUST', at('plan_updatable'), 'is read by nobody; write plan_updateable, with the extra e'),
      ],
      [
        plan.free === false && plan.metadata?.['costs'] === undefined,
        finding('T29', 'note', at('free'), 'makes this a paid plan; leave it out for a free one, or tell its costs'),
      ],
      [
        binding_rotatable === true && !bindable,
        finding('ROT-01', 'note', at('binding_rotatable'), 'is of no use: the plan is not bindable; drop it'),
      ],
      [
        schemas?.service_binding?.create !== undefined && !bindable,
        finding('CAT-43', 'note', at('schemas', 'service_binding'), 'is not read: the plan is not bindable; drop it'),
      ],
    ]),
  ]
}

function lintMaintenance({ maintenance_info }: ServicePlan, path: readonly PropertyKey[]): CatalogFinding[] {
  if (!maintenance_info) return []
  const { version } = maintenance_info
  return findingsWhere([
    [
      !isSemanticVersion(version),
      finding('MNT-01', 'MUST', [...path, 'version'], 'must be a semantic version such as 1.0.0'),
    ],
    [
      maintenance_info.description === undefined,
      finding('MNT-03', 'note', path, 'has no description; write what the update does to a service in use'),
    ],
    [
      Object.keys(maintenance_info).some((key) => key !== 'version' && key !== 'description'),
      finding('CC-MAINTENANCE-INFO', 'SHOULD', path, 'has more than version and description; Cloud Foundry refuses it'),
    ],
    [
      JSON.stringify(maintenance_info).length > mostMaintenanceCharacters,
      finding(
        'CC-MAINTENANCE-INFO',
        'SHOULD',
        path,
        `has more than the ${mostMaintenanceCharacters} characters of JSON of Cloud Foundry; shorten it`,
      ),
    ],
  ])
}

function lintCosts(costs: unknown, path: readonly PropertyKey[]): CatalogFinding[] {
  if (!Array.isArray(costs)) return []
  return costs.flatMap((cost: { amount?: unknown; unit?: unknown } | null, index) => {
    const amount = cost?.amount
    const numbers =
      typeof amount === 'object' && amount !== null && Object.values(amount).every((sum) => typeof sum === 'number')
    const wanted = 'must have an amount, such as {"usd": 9.9}, and a unit, such as MONTHLY'
    return numbers && typeof cost?.unit === 'string' ? [] : [finding('SMD-03', 'MUST', [...path, index], wanted)]
  })
}
