import type { PlanDefinition } from './define-plan.js'
import type { PlanParameters } from './parameters.js'

/** What an offering says of itself that its handlers depend on. */
export interface OfferingTraits {
  readonly parameters: PlanParameters
  readonly bindable: boolean
  readonly plan_updateable: boolean | undefined
  readonly allow_context_updates: boolean | undefined
  readonly storesCredentials: boolean | undefined
}

/** A plan's word, else that of its offering. */
type Effective<Own, Inherited> = Own extends undefined ? Inherited : Own

type PromisesBind<Plan, Traits extends OfferingTraits> =
  Plan extends PlanDefinition<string, PlanParameters, infer Bindable>
    ? [Effective<Bindable, Traits['bindable']>] extends [true]
      ? 'bind' | 'unbind'
      : never
    : never

type PromisesUpdate<Plan, Traits extends OfferingTraits> =
  Plan extends PlanDefinition<string, infer Parameters, boolean | undefined, infer Updateable, infer Maintenance>
    ? [Effective<Updateable, Traits['plan_updateable']>] extends [true]
      ? 'update'
      : [Maintenance] extends [object]
        ? 'update'
        : Parameters extends { readonly update: object }
          ? 'update'
          : never
    : never

/**
 * The handlers that a catalog promises to platforms: `bind` and `unbind` where anything is bindable, `update` where a
 * plan can be changed, declares parameters of updates or has a maintenance version, or where updates of the context are
 * wanted, `readBinding` where credentials are not stored. Where a flag is not known to the compiler, nothing is promised; `createBroker` checks again.
 */
export type PromisedHandlers<Plans extends readonly PlanDefinition[], Traits extends OfferingTraits> =
  | PromisesBind<Plans[number], Traits>
  | PromisesUpdate<Plans[number], Traits>
  | ([Traits['allow_context_updates']] extends [true] ? 'update' : never)
  | (Traits['parameters'] extends { readonly update: object } ? 'update' : never)
  | ([Traits['storesCredentials']] extends [false] ? 'readBinding' : never)
