import type {
  BindOutcome,
  BindResource,
  CallDetails,
  Context,
  DeprovisionOutcome,
  JsonObject,
  MaintenanceInfo,
  PreviousValues,
  ProvisionOutcome,
  UnbindOutcome,
  UpdateOutcome,
} from 'osb-protocol'
import type { BrokerClient } from '../create-broker-client.js'
import type { Bound, Deletion, ProvisionedInstance, UpdatedInstance, WaitOptions } from '../operations/waiting-calls.js'
import type { CredentialsSchema } from '../standard-schema.js'

/** The parameters of one plan, by call; `bind: never` where the plan is not bindable. */
export interface PlanParameters {
  readonly provision: unknown
  readonly update: unknown
  readonly bind: unknown
}

/** `parameters`, required where the plan has a required parameter. */
export type WithParameters<Parameters> =
  Record<never, never> extends Parameters
    ? { readonly parameters?: Parameters | undefined }
    : { readonly parameters: Parameters }

/** What names an instance; its plan is known. */
export interface InstanceIdCall {
  readonly instance_id: string
  readonly accepts_incomplete?: boolean | undefined
}
/** What names a binding; its plan is known. */
export interface BindingIdCall extends InstanceIdCall {
  readonly binding_id: string
}
/** A provision of a known plan. */
export type PlanProvisionCall<Parameters> = InstanceIdCall &
  WithParameters<Parameters> & {
    readonly context?: Context | undefined
    readonly organization_guid?: string | undefined
    readonly space_guid?: string | undefined
    readonly maintenance_info?: MaintenanceInfo | undefined
  }
/** An update to a known plan. */
export type PlanUpdateCall<Parameters> = InstanceIdCall &
  WithParameters<Parameters> & {
    readonly context?: Context | undefined
    readonly previous_values?: PreviousValues | undefined
    readonly maintenance_info?: MaintenanceInfo | undefined
  }
/** A bind of a known plan. */
export type PlanBindCall<Parameters> = BindingIdCall &
  WithParameters<Parameters> & {
    readonly context?: Context | undefined
    readonly bind_resource?: BindResource | undefined
    readonly predecessor_binding_id?: string | undefined
  }

/** The calls about instances of one plan; an update leads to this plan. */
export interface InstanceCalls<Plan extends PlanParameters> {
  readonly service_id: string
  readonly plan_id: string
  provision(call: PlanProvisionCall<Plan['provision']>, details?: CallDetails): Promise<ProvisionOutcome>
  provisionAndWait(call: PlanProvisionCall<Plan['provision']>, options?: WaitOptions): Promise<ProvisionedInstance>
  update(call: PlanUpdateCall<Plan['update']>, details?: CallDetails): Promise<UpdateOutcome>
  updateAndWait(call: PlanUpdateCall<Plan['update']>, options?: WaitOptions): Promise<UpdatedInstance>
  deprovision(call: InstanceIdCall, details?: CallDetails): Promise<DeprovisionOutcome>
  deprovisionAndWait(call: InstanceIdCall, options?: WaitOptions): Promise<Deletion>
}

/** The calls about bindings of one plan that is bindable (BIND-02). */
export interface BindingCalls<Plan extends PlanParameters> {
  bind(call: PlanBindCall<Plan['bind']>, details?: CallDetails): Promise<BindOutcome>
  bindAndWait(call: PlanBindCall<Plan['bind']>, options?: WaitOptions): Promise<Bound<JsonObject | undefined>>
  bindAndWait<Credentials>(
    call: PlanBindCall<Plan['bind']>,
    options: WaitOptions & { readonly credentials: CredentialsSchema<Credentials> },
  ): Promise<Bound<Credentials>>
  unbind(call: BindingIdCall, details?: CallDetails): Promise<UnbindOutcome>
  unbindAndWait(call: BindingIdCall, options?: WaitOptions): Promise<Deletion>
}

/** The calls of one plan. */
export type PlanClient<Plan extends PlanParameters> = InstanceCalls<Plan> &
  ([Plan['bind']] extends [never] ? unknown : BindingCalls<Plan>)

/** A client by the names of offerings and plans: `client.mysql.small.provisionAndWait(…)`. */
export type CatalogClient<Catalog> = {
  readonly [Offering in keyof Catalog]: {
    readonly [Plan in keyof Catalog[Offering]]: Catalog[Offering][Plan] extends PlanParameters
      ? PlanClient<Catalog[Offering][Plan]>
      : never
  }
}

/** The ids behind the names. */
export type CatalogIds<Catalog> = {
  readonly [Offering in keyof Catalog]: {
    readonly service_id: string
    readonly plans: {
      readonly [Plan in keyof Catalog[Offering]]: { readonly plan_id: string; readonly bindable: boolean }
    }
  }
}

/**
 * What code made by `generateCatalogClient` calls: puts the ids into the calls.
 * @param ids `catalogIds` of that code
 */
export function catalogClient<Catalog>(client: BrokerClient, ids: CatalogIds<Catalog>): CatalogClient<Catalog> {
  const offerings = Object.entries(ids as Readonly<Record<string, OfferingIds>>)
  const named = offerings.map(([name, { service_id, plans }]) => {
    const ofPlans = Object.entries(plans).map(([plan, { plan_id, bindable }]) => [
      plan,
      planClient(client, { service_id, plan_id }, bindable),
    ])
    return [name, Object.fromEntries(ofPlans)] as const
  })
  return Object.fromEntries(named) as CatalogClient<Catalog>
}

interface OfferingIds {
  readonly service_id: string
  readonly plans: Readonly<Record<string, { readonly plan_id: string; readonly bindable: boolean }>>
}

type AnyPlan = { readonly provision: JsonObject; readonly update: JsonObject; readonly bind: JsonObject }

function planClient(
  client: BrokerClient,
  ids: { readonly service_id: string; readonly plan_id: string },
  bindable: boolean,
): InstanceCalls<AnyPlan> & Partial<BindingCalls<AnyPlan>> {
  const instances: InstanceCalls<AnyPlan> = {
    ...ids,
    provision: (call, details) => client.provision({ ...call, ...ids }, details),
    provisionAndWait: (call, options) => client.provisionAndWait({ ...call, ...ids }, options),
    update: (call, details) => client.update({ ...call, ...ids }, details),
    updateAndWait: (call, options) => client.updateAndWait({ ...call, ...ids }, options),
    deprovision: (call, details) => client.deprovision({ ...call, ...ids }, details),
    deprovisionAndWait: (call, options) => client.deprovisionAndWait({ ...call, ...ids }, options),
  }
  if (!bindable) return instances
  const bindings: BindingCalls<AnyPlan> = {
    bind: (call, details) => client.bind({ ...call, ...ids }, details),
    bindAndWait: (call: PlanBindCall<JsonObject>, options?: WaitOptions) =>
      client.bindAndWait({ ...call, ...ids }, options) as Promise<Bound<never>>,
    unbind: (call, details) => client.unbind({ ...call, ...ids }, details),
    unbindAndWait: (call, options) => client.unbindAndWait({ ...call, ...ids }, options),
  }
  return { ...instances, ...bindings }
}
