import type { PreviousValues, ServiceOffering } from 'osb-protocol'

/** The ids in a call that say where it belongs. */
export interface IdCall {
  readonly instance_id: string
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
  readonly previous_values?: PreviousValues | undefined
}

interface PlanIds {
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
}

/** The call as the back end knows it. An id that lacks the prefix is none of its own and stays as it is. */
export function withoutPrefix<Call extends IdCall>(call: Call, prefix: string): Call {
  const { previous_values } = call
  return {
    ...call,
    ...changeIds(call, (id) => cut(id, prefix)),
    ...(previous_values && {
      previous_values: { ...previous_values, ...changeIds(previous_values, (id) => cut(id, prefix)) },
    }),
  }
}

/** The instance as the platform knows it. */
export function prefixed<Body extends PlanIds>(body: Body, prefix: string): Body {
  return { ...body, ...changeIds(body, (id) => prefix + id) }
}

/** The offering as the catalog of all shows it. */
export function composedOffering(offering: ServiceOffering, prefix: string): ServiceOffering {
  const plans = offering.plans.map((plan) => ({ ...plan, id: prefix + plan.id }))
  return { ...offering, id: prefix + offering.id, name: prefix + offering.name, plans }
}

function changeIds({ service_id, plan_id }: PlanIds, change: (id: string) => string): PlanIds {
  return {
    ...(service_id === undefined ? {} : { service_id: change(service_id) }),
    ...(plan_id === undefined ? {} : { plan_id: change(plan_id) }),
  }
}

function cut(id: string, prefix: string): string {
  return id.startsWith(prefix) ? id.slice(prefix.length) : id
}
