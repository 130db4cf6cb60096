import type { OfferingDefinition } from './define-offering.js'
import type { PlanDefinition } from './define-plan.js'
import { parametersKinds } from 'osb-protocol/catalog'
import { validatorOf } from './validator-of.js'

/**
 * Makes sure, for callers without types, that an offering has the functions that its catalog promises, that its settings
 * go together, and that its JSON Schemas can be validated by.
 * @throws {TypeError} that names the offering, the plan and what is missing or wrong
 */
export function checkOffering(offering: OfferingDefinition): void {
  const where = `service offering "${offering.name}"`
  const missing = promised(offering).filter((name) => typeof offering[name] !== 'function')
  if (missing.length > 0) throw new TypeError(`${where}: the catalog promises ${missing.join(' and ')}; write it`)
  checkSettings(offering, where)
  for (const plan of offering.plans) checkSchemas(plan, `${where}, plan "${plan.name}"`)
}

function promised(offering: OfferingDefinition) {
  const { plans, bindable, plan_updateable = false, allow_context_updates = false } = offering
  const binds = plans.some((plan) => plan.bindable ?? bindable)
  const updates = plans.some(
    (plan) => (plan.plan_updateable ?? plan_updateable) || plan.maintenance_info || plan.parameters?.update,
  )
  return [
    'provision',
    'deprovision',
    ...(binds ? (['bind', 'unbind'] as const) : []),
    ...(updates || allow_context_updates ? (['update'] as const) : []),
  ] as const
}

function checkSettings(offering: OfferingDefinition, where: string): void {
  const { maximumAttempts = 1, async, bindings_retrievable, storesCredentials, readBinding } = offering
  if (!Number.isSafeInteger(maximumAttempts) || maximumAttempts < 1)
    throw new TypeError(`${where}: maximumAttempts must be a whole number from 1 on`)
  if (async === 'always' && bindings_retrievable === false)
    throw new TypeError(`${where}: async: 'always' needs bindings that can be fetched; leave bindings_retrievable out`)
  if (storesCredentials === false && typeof readBinding !== 'function')
    throw new TypeError(`${where}: storesCredentials: false needs readBinding; write it`)
}

function checkSchemas({ parameters }: PlanDefinition, where: string): void {
  for (const kind of parametersKinds) {
    const definition = parameters?.[kind]
    try {
      if (definition) validatorOf(definition)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new TypeError(`${where}, parameters.${kind}: ${reason}`, { cause })
    }
  }
}
