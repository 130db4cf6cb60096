import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { DashboardClient, JsonObject, Permission } from 'osb-protocol'
import type { OfferingBehaviour } from './behaviour.js'
import type { PlanDefinition } from './define-plan.js'
import type { OfferingHandlers } from './handlers.js'
import type { PlanParameters } from './parameters.js'
import type { PromisedHandlers } from './promised-handlers.js'
import { spreadParameters } from './spread-parameters.js'

/** The catalog fields of an offering under their wire names (CAT-17 … CAT-28), and its settings. */
export interface OfferingProperties<
  Plans extends readonly PlanDefinition[],
  Shared extends PlanParameters = PlanParameters,
  Bindable extends boolean = boolean,
  Updateable extends boolean | undefined = boolean | undefined,
  ContextUpdates extends boolean | undefined = boolean | undefined,
  StoresCredentials extends boolean | undefined = boolean | undefined,
  Checkpoint = unknown,
> extends OfferingBehaviour<StoresCredentials> {
  /** Globally unique and never changed (CAT-21); a GUID (CAT-22). */
  readonly id: string
  /** Unique in the catalog (CAT-18). */
  readonly name: string
  readonly description: string
  readonly bindable: Bindable
  readonly plans: Plans
  /** Parameters of all plans; a plan's own take the place of them, kind by kind. */
  readonly parameters?: Shared
  readonly tags?: readonly string[]
  readonly requires?: readonly Permission[]
  /** Whether plans can be changed unless a plan says otherwise. Default `false` (CAT-27). */
  readonly plan_updateable?: Updateable
  /** Whether updates that bring a new `context` only are wanted (UPD-02). Default `false`. */
  readonly allow_context_updates?: ContextUpdates
  readonly dashboard_client?: DashboardClient
  readonly metadata?: JsonObject
  /**
   * What handlers store with `checkpoint` and get as `checkpointed`; any Standard Schema. What an earlier attempt, maybe
   * of an earlier version of the broker, has stored is validated by it; the operation fails if it does not fit. Default:
   * any JSON value, unchecked.
   */
  readonly checkpoints?: StandardSchemaV1<unknown, Checkpoint>
}

/** A service offering with its handlers. */
export type OfferingDefinition<
  Plans extends readonly PlanDefinition[] = readonly PlanDefinition[],
  State = unknown,
  Shared extends PlanParameters = PlanParameters,
  Checkpoint = unknown,
  BindingState = unknown,
> = OfferingProperties<
  Plans,
  Shared,
  boolean,
  boolean | undefined,
  boolean | undefined,
  boolean | undefined,
  Checkpoint
> &
  OfferingHandlers<Plans, State, Shared, Checkpoint, BindingState>

/**
 * Declares a service offering: what the catalog says, and plain async functions that do the work. The functions may
 * be called again after a crash with the same ids, so write each step as "make sure that". A function that the catalog
 * promises cannot be left out: `bind` and `unbind` of what is bindable; `update` where a plan can be changed, has
 * parameters of updates or a maintenance version, or the context may be updated; `readBinding` where credentials are
 * not to be stored.
 * @example
 * const redis = defineOffering({
 *   id: '…', name: 'redis', description: 'Redis', bindable: true, plans: [small],
 *   async provision({ instance_id }) { return { state: { host: await start(instance_id) } } },
 *   async bind({ instance, binding_id }) { return { credentials: await addUser(instance.state.host, binding_id) } },
 *   async unbind({ instance, binding_id }) { await removeUser(instance.state.host, binding_id) },
 *   async deprovision({ instance_id }) { await stop(instance_id) },
 * })
 */
export function defineOffering<
  const Plans extends readonly PlanDefinition[],
  State = undefined,
  Shared extends PlanParameters = Record<never, never>,
  const Bindable extends boolean = boolean,
  const Updateable extends boolean | undefined = boolean | undefined,
  const ContextUpdates extends boolean | undefined = boolean | undefined,
  const StoresCredentials extends boolean | undefined = boolean | undefined,
  Checkpoint = unknown,
  BindingState = unknown,
>(
  offering: OfferingProperties<Plans, Shared, Bindable, Updateable, ContextUpdates, StoresCredentials, Checkpoint> &
    OfferingHandlers<Plans, State, Shared, Checkpoint, BindingState> & {
      readonly [
        Name in PromisedHandlers<
          Plans,
          {
            parameters: Shared
            bindable: Bindable
            plan_updateable: Updateable
            allow_context_updates: ContextUpdates
            storesCredentials: StoresCredentials
          }
        >
      ]: object
    },
): OfferingDefinition<Plans, State, Shared, Checkpoint, BindingState> {
  return spreadParameters(offering)
}
