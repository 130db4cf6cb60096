import { defineOffering, type OfferingDefinition, type OfferingProperties, type PlanDefinition } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import type { Recipe } from '../recipes/recipe.js'
import { bindInstance, unbindInstance } from './bind-instance.js'
import { failureReason } from './failure-reason.js'
import { type InstanceIds, instanceResources } from './instance-resources.js'
import { type InstanceState, provisionInstance } from './provision-instance.js'
import type { Quota } from './quota.js'
import { updateInstance } from './update-instance.js'
import { waitForEngine } from './wait-for-engine.js'

/** What the catalog says, and where the services run. Each plan's name must be one of the recipe's. */
export interface DockerOfferingOptions<PlanName extends string> extends Omit<
  OfferingProperties<readonly PlanDefinition<PlanName>[]>,
  'bindable'
> {
  readonly engine: Engine
  /** Name of this broker, on every resource that it makes; `reconcile` looks at these only. Default: none. */
  readonly broker?: string
  /** How many instances there may be. A provision that finds no room makes nothing and fails with 422. */
  readonly quota?: Quota<PlanName>
  /** Default: true. */
  readonly bindable?: boolean
}

/**
 * Makes a service offering of a recipe: each instance is a container (or a process of the embedded engine) with a
 * network and volumes of its own, each binding a login of its own. Every handler may be repeated after a crash.
 * @throws ProvisionerError `INVALID_RECIPE` if a plan's name is none of the recipe's
 * @example
 * const engine = await findEngine({ folder: '.services' })
 * const collector = dockerOffering(collectorRecipe({ folder: 'examples/collector-service' }), {
 *   engine, id: '…', name: 'collector', description: 'Stores records',
 *   plans: [definePlan({ id: '…', name: 'normal', description: '256 MB' })],
 * })
 */
export function dockerOffering<PlanName extends string>(
  recipe: Recipe<PlanName>,
  { engine, broker = '', quota = {}, ...properties }: DockerOfferingOptions<PlanName>,
): OfferingDefinition<readonly PlanDefinition[], InstanceState> {
  for (const { name } of properties.plans) {
    if (Object.hasOwn(recipe.plans, name)) continue
    const known = Object.keys(recipe.plans).join(', ')
    throw new ProvisionerError('INVALID_RECIPE', `recipe ${recipe.name} has no plan ${name}; it has ${known}`)
  }
  const idsOf = (
    input: Omit<InstanceIds, 'broker' | 'organization'>,
    organization: string | undefined,
  ): InstanceIds => {
    const { tenant, instance_id, service_id, plan_id, plan_name } = input
    return { broker, tenant, instance_id, service_id, plan_id, plan_name, organization }
  }
  return defineOffering<readonly PlanDefinition[], InstanceState>({
    bindable: true,
    ...(recipe.parameters && { parameters: recipe.parameters }),
    ...properties,
    plans: properties.plans.map((plan) => withVersion(plan, recipe)),
    async provision(input) {
      return { state: await provisionInstance(engine, recipe, idsOf(input, input.organization_guid), quota, input) }
    },
    async update(input) {
      const { state } = input.instance
      const after = idsOf(input, state.organization)
      const before = { ...after, plan_id: input.instance.plan_id, plan_name: input.previous_plan_name }
      await updateInstance(engine, recipe, before, after, state, input)
      return {}
    },
    async bind(input) {
      const { state } = input.instance
      const ids = { ...idsOf(input, state.organization), binding_id: input.binding_id }
      return bindInstance(engine, recipe, ids, state, input.parameters, input)
    },
    async unbind(input) {
      const { state } = input.instance
      const ids = { ...idsOf(input, state.organization), binding_id: input.binding_id }
      await unbindInstance(engine, recipe, ids, state, input)
    },
    async deprovision(input) {
      const resources = instanceResources(recipe, idsOf(input, undefined))
      try {
        await input.progress('removing the service and its data')
        await waitForEngine(() => resources.remove(engine, input.signal), input)
      } catch (error) {
        throw failureReason(error, Object.values(input.instance.state?.secrets ?? {}))
      }
    },
  })
}

/** The version of the recipe's image as the plan's maintenance version, which platforms offer upgrades by. */
function withVersion(plan: PlanDefinition, { versions }: Recipe): PlanDefinition {
  if (versions === undefined) return plan
  const { current: version, description } = versions
  return { ...plan, maintenance_info: { version, ...(description !== undefined && { description }) } }
}
