import type { Catalog, PlanSchemas, ServiceOffering, ServicePlan } from 'osb-protocol'
import { refuseFaultyCatalog } from '../catalog/lint-catalog.js'
import type { OfferingDefinition } from './define-offering.js'
import type { PlanDefinition } from './define-plan.js'
import type { PlanParameters } from './parameters.js'
import { toPublishedSchema } from './to-published-schema.js'

/**
 * The catalog that offerings make: their wire fields, their parameters as JSON Schemas of draft 4. Instances are
 * declared retrievable, and bindings where there can be any (GETI-01, GETB-01), unless the offering says no. Retired plans are left out, and
 * offerings of retired plans only.
 * @throws {TypeError} when the catalog breaks the protocol (`lintCatalog`), a parameters schema has no JSON form or is
 *   over 65,536 bytes; the message names the offering, the plan and the place
 */
export function toCatalog(offerings: readonly OfferingDefinition[]): Catalog {
  const catalog = { services: offerings.filter(hasPlans).map(toServiceOffering) }
  refuseFaultyCatalog(catalog, false)
  return catalog
}

/** One without any plan is kept, so that it is refused. */
function hasPlans({ plans }: OfferingDefinition): boolean {
  return plans.length === 0 || plans.some((plan) => !plan.retired)
}

function toServiceOffering(offering: OfferingDefinition): ServiceOffering {
  const { id, name, description, bindable, plans, tags, requires, plan_updateable } = offering
  const { allow_context_updates, dashboard_client, metadata, instances_retrievable = true } = offering
  const anyBindable = plans.some((plan) => plan.bindable ?? bindable)
  return {
    id,
    name,
    description,
    ...present({ tags: tags && [...tags], requires: requires && [...requires] }),
    bindable,
    instances_retrievable,
    ...present({ bindings_retrievable: anyBindable ? (offering.bindings_retrievable ?? true) : undefined }),
    ...present({ allow_context_updates, metadata, dashboard_client, plan_updateable }),
    plans: plans.filter((plan) => !plan.retired).map((plan) => toServicePlan(plan, name)),
  }
}

function toServicePlan(plan: PlanDefinition, offeringName: string): ServicePlan {
  const { id, name, description, metadata, free, bindable, binding_rotatable, plan_updateable, parameters } = plan
  const { maximum_polling_duration, maintenance_info } = plan
  const schemas = parameters && toPlanSchemas(parameters, `service offering "${offeringName}", plan "${name}"`)
  return {
    id,
    name,
    description,
    ...present({ metadata, free, bindable, binding_rotatable, plan_updateable }),
    ...present({ schemas, maximum_polling_duration, maintenance_info }),
  }
}

function toPlanSchemas({ provision, update, bind }: PlanParameters, where: string): PlanSchemas | undefined {
  const input = (definition: PlanParameters['bind'], place: string) =>
    definition && { parameters: toPublishedSchema(definition, `${where}, schemas.${place}.parameters`) }
  const service_instance = objectOf({
    create: input(provision, 'service_instance.create'),
    update: input(update, 'service_instance.update'),
  })
  const service_binding = objectOf({ create: input(bind, 'service_binding.create') })
  return objectOf({ service_instance, service_binding })
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}

function objectOf<Fields extends object>(fields: Fields): Present<Fields> | undefined {
  const filled = present(fields)
  return Object.keys(filled).length > 0 ? filled : undefined
}
