import type {
  BindingMetadata,
  BindResource,
  Context,
  Endpoint,
  InstanceMetadata,
  JsonObject,
  OriginatingIdentity,
  VolumeMount,
} from 'osb-protocol'
import type { FailureHints } from '../errors.js'
import type { PlanDefinition } from './define-plan.js'
import type { DefinitionOf, ParsedParameters, PlanParameters } from './parameters.js'

/**
 * A function type that is compared like that of a method, so that an offering of typed checkpoints fits where any
 * offering is taken.
 */
type Lenient<Value> = { method(value: Value): Promise<void> }['method']

/** What every handler gets beside its own input. */
export interface HandlerContext<Checkpoint = unknown> {
  /** The tenant of the instance; the empty string where the broker has none. */
  readonly tenant: string
  /** Who asked, if the platform says so (OID-04). */
  readonly originatingIdentity?: OriginatingIdentity | undefined
  /** Who had logged in to the broker, as its authentication says. */
  readonly principal?: string | undefined
  /**
   * Aborts when the operation is to end: its time is over, a delete overtakes it, the broker shuts down or another
   * process has taken the operation over. Not when the platform disconnects.
   */
  readonly signal: AbortSignal
  /** 1 for the first call of the function, higher when it is called again after a crash. */
  readonly attempt: number
  /** Grows with each takeover; give it to systems that can refuse an outdated writer. */
  readonly fencingToken: number
  /**
   * Says how far the work is; users see it as the description of the last operation (SYN-15). With hints, also what an
   * update or deprovision that does not succeed from here on has made of the instance (LOI-21, LOI-22), however it ends:
   * by an error that says nothing else, by a time-out, by a crash.
   */
  readonly progress: (description: string, ifItFails?: FailureHints) => Promise<void>
  /** What an earlier attempt stored with `checkpoint`; undefined in the first. */
  readonly checkpointed: Checkpoint | undefined
  /** Stores a JSON value, encrypted, that the next attempt gets as `checkpointed`. */
  readonly checkpoint: Lenient<Checkpoint>
}

/** The parameters of one request kind, told apart by the plan's name at top level. */
type Planned<
  Plans extends readonly PlanDefinition[],
  Shared extends PlanParameters,
  Kind extends keyof PlanParameters,
  Absent = never,
> = Plans[number] extends infer Plan
  ? Plan extends PlanDefinition<infer Name, infer Own>
    ? {
        readonly plan_id: string
        readonly plan_name: Name
        readonly parameters: ParsedParameters<DefinitionOf<Own, Shared, Kind>> | Absent
      }
    : never
  : never

/** A service instance as it is now. */
export interface InstanceView<State> {
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  /** The empty string where the plan has gone from the offering. */
  readonly plan_name: string
  /** As received, merged over all updates; parse them again if defaults matter. */
  readonly parameters: JsonObject
  readonly context?: Context | undefined
  /** What `provision` or the last `update` returned as `state`. Undefined after a provision that failed. */
  readonly state: State
}

/** What deletes may see: the state is missing where the provision never came to return one. */
export type InstanceRemains<State> = InstanceView<State | undefined>

export type ProvisionInput<
  Plans extends readonly PlanDefinition[],
  Shared extends PlanParameters = Record<never, never>,
  Checkpoint = unknown,
> = HandlerContext<Checkpoint> &
  Planned<Plans, Shared, 'provision'> & {
    readonly instance_id: string
    readonly service_id: string
    readonly context?: Context | undefined
    readonly organization_guid?: string | undefined
    readonly space_guid?: string | undefined
  }

export interface ProvisionResult<State> {
  /** Private JSON data, stored encrypted and handed to every later handler. */
  readonly state: State
  readonly metadata?: InstanceMetadata
}

/** What `provision` returns: of an offering that keeps no state, nothing is needed. */
export type Provisioned<State> = ProvisionResult<State> | (undefined extends State ? StatelessResult | void : never)

export interface StatelessResult {
  readonly state?: undefined
  readonly metadata?: InstanceMetadata
}

/** Its `parameters` are undefined where the request brought none, which is not the same as `{}` (UPD-20, T37). */
export type UpdateInput<
  Plans extends readonly PlanDefinition[],
  State,
  Shared extends PlanParameters = Record<never, never>,
  Checkpoint = unknown,
> = HandlerContext<Checkpoint> &
  Planned<Plans, Shared, 'update', undefined> & {
    readonly instance_id: string
    readonly service_id: string
    /** The plan before this update; the same as `plan_name` unless the plan changes. */
    readonly previous_plan_name: Plans[number]['name']
    /** The instance before this update. */
    readonly instance: InstanceView<State>
    readonly context?: Context | undefined
    /** The version that the platform wants to move to, if the update is (also) maintenance (MNT-08). */
    readonly maintenance_info?: { readonly version: string } | undefined
  }

export interface UpdateResult<State> {
  /** Replaces the state; absent: it stays. */
  readonly state?: State
  readonly metadata?: InstanceMetadata
  /** The instance's parameters from now on; absent: the old ones with the new top-level ones merged in. */
  readonly parameters?: JsonObject
}

export interface DeprovisionInput<State, Checkpoint = unknown> extends HandlerContext<Checkpoint> {
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  /** The empty string where the plan has gone from the offering. */
  readonly plan_name: string
  readonly instance: InstanceRemains<State>
}

export type BindInput<
  Plans extends readonly PlanDefinition[],
  State,
  Shared extends PlanParameters = Record<never, never>,
  Checkpoint = unknown,
> = HandlerContext<Checkpoint> &
  Planned<Plans, Shared, 'bind'> & {
    readonly instance_id: string
    readonly binding_id: string
    readonly service_id: string
    readonly instance: InstanceView<State>
    readonly context?: Context | undefined
    /** The application, from `bind_resource` or the deprecated top level (A25). */
    readonly app_guid?: string | undefined
    readonly bind_resource?: BindResource | undefined
    /** Set when this binding takes the place of another one (ROT-03). */
    readonly predecessor_binding_id?: string | undefined
  }

/** What a binding gives to the application; the wire's own names. */
export interface BindingData {
  readonly credentials?: JsonObject
  readonly syslog_drain_url?: string
  readonly route_service_url?: string
  readonly volume_mounts?: readonly VolumeMount[]
  readonly endpoints?: readonly Endpoint[]
}

export interface BindResult<BindingState = unknown> extends BindingData {
  readonly metadata?: BindingMetadata
  /** Private JSON data of the binding, stored encrypted and handed to `unbind` and `readBinding`. */
  readonly state?: BindingState
}

export interface UnbindInput<State, Checkpoint = unknown, BindingState = unknown> extends HandlerContext<Checkpoint> {
  readonly instance_id: string
  readonly binding_id: string
  readonly service_id: string
  readonly plan_id: string
  /** The empty string where the plan has gone from the offering. */
  readonly plan_name: string
  readonly instance: InstanceView<State>
  /** What `bind` returned as `state`; undefined after a bind that failed. */
  readonly bindingState: BindingState | undefined
}

/** What it takes to read a binding again whose data is not stored. */
export interface ReadBindingInput<State, BindingState = unknown> {
  readonly tenant: string
  readonly instance_id: string
  readonly binding_id: string
  readonly service_id: string
  readonly plan_id: string
  /** The empty string where the plan has gone from the offering. */
  readonly plan_name: string
  readonly instance: InstanceView<State>
  /** The parameters of the bind, as received. */
  readonly parameters: JsonObject
  /** What `bind` returned as `state`. */
  readonly bindingState: BindingState | undefined
  /** Aborts when the platform disconnects or has waited too long. */
  readonly signal: AbortSignal
}

export interface DashboardInput {
  readonly tenant: string
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly plan_name: string
  readonly context?: Context | undefined
}

/** The work of an offering. Methods, so that an offering of typed plans fits where any offering is taken. */
export interface OfferingHandlers<
  Plans extends readonly PlanDefinition[],
  State,
  Shared extends PlanParameters = Record<never, never>,
  Checkpoint = unknown,
  BindingState = unknown,
> {
  /** The instance's dashboard; asked before the work starts, since the first answer must carry it (PROV-27). */
  dashboardUrl?(input: DashboardInput): string | undefined
  provision(input: ProvisionInput<Plans, Shared, Checkpoint>): Promise<Provisioned<State>>
  update?(input: UpdateInput<Plans, State, Shared, Checkpoint>): Promise<UpdateResult<State> | void>
  deprovision(input: DeprovisionInput<State, Checkpoint>): Promise<void>
  bind?(input: BindInput<Plans, State, Shared, Checkpoint>): Promise<BindResult<BindingState>>
  unbind?(input: UnbindInput<State, Checkpoint, BindingState>): Promise<void>
  /** Reads a binding again where `storesCredentials` is `false`; repeats of the bind and fetches are answered with it. */
  readBinding?(input: ReadBindingInput<State, BindingState>): Promise<BindingData>
}
