import type { Resource } from '../engine/engine.js'
import { labels } from '../labels.js'
import type { InstanceIds } from '../offering/instance-resources.js'
import type { Recipe } from '../recipes/recipe.js'

/** An offering by what operations need of it. */
export interface StoredOffering {
  /** The offering's id. */
  readonly id: string
  readonly recipe: Recipe
  /** Its plans; the names are the recipe's. */
  readonly plans: readonly { readonly id: string; readonly name: string }[]
}

/** The recipe, the plan and the ids of a service, as its labels say; undefined where no offering has them. */
export function labelledService({ labels: found }: Resource, offerings: readonly StoredOffering[]) {
  const { recipe, plans } = offerings.find(({ id }) => id === found[labels.serviceId]) ?? {}
  const plan = plans?.find(({ id }) => id === found[labels.planId])
  if (!recipe || !plan || !Object.hasOwn(recipe.plans, plan.name)) return undefined
  const ids: InstanceIds = {
    broker: found[labels.broker] ?? '',
    organization: found[labels.organization],
    tenant: found[labels.tenant] ?? '',
    instance_id: found[labels.instanceId] ?? '',
    service_id: found[labels.serviceId] ?? '',
    plan_id: plan.id,
    plan_name: plan.name,
  }
  return { recipe, ids }
}
