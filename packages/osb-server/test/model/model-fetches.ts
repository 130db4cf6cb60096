import { offeringOf, resourceOf } from './author.js'
import { type Allowed, type Call, gone, notFound, one } from './calls.js'
import { bodyOf, dashboardUrl, respond } from './model-operations.js'
import { type Arrival, isLive, type ModelState, type Op, type Resource } from './model-state.js'

type Of<Name extends Call['op']> = Extract<Call, { op: Name }>

/** What a fetch finds. */
export function fetch(model: ModelState, { request }: Arrival, { tenant, instance, binding }: Of<'fetch'>): void {
  const found = model.resources[resourceOf(tenant, instance)]
  const bound = binding === undefined ? undefined : model.resources[resourceOf(tenant, instance, binding)]
  if (!isLive(found) || (binding !== undefined && !isLive(bound)))
    return respond(model, request, { allowed: [notFound] })
  if (bound) return respond(model, request, one(200, { ...bodyOf(bound), parameters: bound.facts.parameters }))
  const { plan, parameters } = found.facts
  const dashboard_url = dashboardUrl(found.name, found.dashboard)
  respond(model, request, one(200, { service_id: offeringOf(plan), plan_id: plan, parameters, dashboard_url }))
}

/** How far a poll says that an operation is. */
export function poll(model: ModelState, { request }: Arrival, call: Of<'poll'>): void {
  const resource = model.resources[resourceOf(call.tenant, call.instance, call.binding)]
  const entry = Object.entries(model.ids).find(([, id]) => id === call.operation)
  const asked = call.operation === undefined ? undefined : Number(entry?.[0] ?? -1)
  respond(model, request, { allowed: pollAnswers(resource, asked) })
}

function pollAnswers(resource: Resource | undefined, asked: number | undefined): Allowed[] {
  const polled = (state: Op['state'], description?: string) => [
    { status: 200, body: { state, ...(description === undefined ? {} : { description }) } },
  ]
  if (asked === undefined && (!resource || resource.phase === 'refused')) return [notFound]
  if (!resource) return [notFound, gone]
  const { op } = resource
  if (op.overtakenBy !== undefined && asked === op.serial) return polled('failed')
  if (op.overtakenBy !== undefined && (asked === undefined || asked === op.overtakenBy)) return polled('in progress')
  if (asked === undefined || asked === op.serial) return polled(op.state, op.description)
  // What ended before, or was never of this resource: told as far as it is known, but never as if it went on.
  return [...polled('succeeded'), ...polled('failed'), notFound, gone]
}
