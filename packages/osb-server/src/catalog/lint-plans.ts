import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { type CatalogFinding, finding, findingsWhere } from './catalog-finding.js'
import { lintDescription } from './lint-offerings.js'

/** Semantic Versioning 2.0, as its own page gives it. */
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/
const mostVersionCharacters = 256
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
        finding('POL-02', 'SHOULD', at('maximum_polling_duration'), 'should be a number of seconds above 0'),
      ],
      [
        binding_rotatable === true && !bindable,
        finding('ROT-01', 'note', at('binding_rotatable'), 'is of no use: the plan is not bindable'),
      ],
      [
        schemas?.service_binding?.create !== undefined && !bindable,
        finding('CAT-43', 'note', at('schemas', 'service_binding'), 'is not read: the plan is not bindable'),
      ],
    ]),
  ]
}

function lintMaintenance({ maintenance_info }: ServicePlan, path: readonly PropertyKey[]): CatalogFinding[] {
  if (!maintenance_info) return []
  const { version } = maintenance_info
  const isVersion = version.length <= mostVersionCharacters && semver.test(version)
  return findingsWhere([
    [!isVersion, finding('MNT-01', 'MUST', [...path, 'version'], 'must be a semantic version such as 1.0.0')],
    [
      maintenance_info.description === undefined,
      finding('MNT-03', 'note', path, 'has no description that tells users the effect of the update'),
    ],
    [
      JSON.stringify(maintenance_info).length > mostMaintenanceCharacters,
      finding('CC-MAINTENANCE-INFO', 'SHOULD', path, `has more than ${mostMaintenanceCharacters} characters of JSON`),
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
