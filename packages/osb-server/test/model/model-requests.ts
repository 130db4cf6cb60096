import { isDeepStrictEqual } from 'node:util'
import { offeringOf, resourceOf } from './author.js'
import {
  type Allowed,
  asyncRequired,
  busy,
  type Call,
  conflict,
  gone,
  notFound,
  notPossible,
  one,
  sameParameters,
  wrong,
} from './calls.js'
import { accepted, beginRun, bindingsOf, bodyOf, halt, newestRun, newOp, respond } from './model-operations.js'
import { fetch, poll } from './model-fetches.js'
import { type Arrival, type Facts, isLive, type ModelState, type Resource } from './model-state.js'

type Of<Name extends Call['op']> = Extract<Call, { op: Name }>

/** What comes of a request, by the protocol and the rules of this library. */
export function arrive(model: ModelState, arrival: Arrival, call: Call): void {
  switch (call.op) {
    case 'provision':
      return provision(model, arrival, call)
    case 'update':
      return update(model, arrival, call)
    case 'deprovision':
      return deprovision(model, arrival, call)
    case 'bind':
      return bind(model, arrival, call)
    case 'unbind':
      return unbind(model, arrival, call)
    case 'fetch':
      return fetch(model, arrival, call)
    case 'poll':
      return poll(model, arrival, call)
  }
}

function runs(resource: Resource | undefined): boolean {
  return resource?.op.state === 'in progress'
}
/** Whether there is something that could be deleted. */
export function isThere(resource: Resource | undefined): resource is Resource {
  return resource !== undefined && resource.phase !== 'deleted' && resource.phase !== 'refused'
}
function needsAsync(plan: string, acceptsIncomplete: boolean): Allowed[] {
  return offeringOf(plan) === 'tardy' && !acceptsIncomplete ? [asyncRequired] : []
}

/** Begins an operation; its request waits for the end of it. */
function begin(model: ModelState, { request, process }: Arrival, resource: Resource, acceptsIncomplete: boolean): void {
  model.resources[resource.name] = resource
  const { serial: op, kind } = resource.op
  const run = beginRun(model, process, resource, false).serial
  model.waiting.push({ request, process, op, resource: resource.name, kind, how: 'begun', run, acceptsIncomplete })
}

/** The same is under way: 202 again, or its end is waited for. */
function join(model: ModelState, arrival: Arrival, resource: Resource, acceptsIncomplete: boolean): void {
  const { request, process, late } = arrival
  const { op, name } = resource
  const newest = newestRun(model, process, name)
  const run = newest?.op === op.serial ? newest : undefined
  if (acceptsIncomplete && !(late && run)) {
    if (run) run.answered = true
    return respond(model, request, accepted(resource, op.serial))
  }
  const how = run ? 'joined' : 'afar'
  const { kind } = op
  model.waiting.push({
    request,
    process,
    op: op.serial,
    resource: name,
    kind,
    how,
    run: run?.serial,
    acceptsIncomplete,
  })
}

function refuse(model: ModelState, { request }: Arrival, allowed: readonly Allowed[]): boolean {
  if (allowed.length > 0) respond(model, request, { allowed })
  return allowed.length > 0
}

/** The new record of a create; it takes over what a failed one may have left. */
function created(model: ModelState, name: string, facts: Facts, before: Resource | undefined): Resource {
  const failed = before?.phase === 'failed' ? before : undefined
  const op = newOp(model, 'create', facts.plan, failed ? { remains: failed.facts } : {})
  const earlier = before ? [...before.before, before.op.serial] : []
  return { name, phase: 'creating', facts, state: failed?.state, dashboard: facts.plan, op, before: earlier }
}

function provision(model: ModelState, arrival: Arrival, call: Of<'provision'>): void {
  const { plan, parameters, place, acceptsIncomplete } = call
  if (refuse(model, arrival, needsAsync(plan, acceptsIncomplete))) return
  const name = resourceOf(call.tenant, call.instance)
  const resource = model.resources[name]
  if (resource && (isLive(resource) || resource.phase === 'creating')) {
    const { op, facts } = resource
    if ((runs(resource) && op.kind === 'delete') || op.overtakenBy !== undefined)
      return void refuse(model, arrival, [busy])
    const same = facts.plan === plan && facts.place === place && sameParameters(facts.parameters, parameters)
    if (!same) return void refuse(model, arrival, [conflict])
    if (isLive(resource)) return respond(model, arrival.request, one(200, bodyOf(resource)))
    return join(model, arrival, resource, acceptsIncomplete)
  }
  if (runs(resource)) return void refuse(model, arrival, [busy])
  if (resource) for (const binding of bindingsOf(model, name)) delete model.resources[binding.name]
  begin(model, arrival, created(model, name, { plan, parameters, place }, resource), acceptsIncomplete)
}

function update(model: ModelState, arrival: Arrival, call: Of<'update'>): void {
  const { plan, parameters, acceptsIncomplete } = call
  const name = resourceOf(call.tenant, call.instance)
  const resource = model.resources[name]
  const foreign = plan !== undefined && offeringOf(plan) !== call.service ? [wrong] : []
  if (!isLive(resource))
    return void refuse(model, arrival, [...foreign, resource?.phase === 'creating' ? busy : notFound])
  const now = resource.facts.plan
  if (offeringOf(now) !== call.service) foreign.push(wrong)
  if (refuse(model, arrival, [...foreign, ...needsAsync(now, acceptsIncomplete)])) return
  const { op } = resource
  // The plan that the instance has is the plan of an update that names none.
  const asked = (one: typeof op.update) => ({ plan: one?.plan ?? now, parameters: one?.parameters })
  if (runs(resource) && op.kind === 'update' && isDeepStrictEqual(asked(op.update), asked({ plan, parameters })))
    return join(model, arrival, resource, acceptsIncomplete)
  const inTheWay = runs(resource) || bindingsOf(model, name).some(runs) ? [busy] : []
  const forbidden = now === 'b' && plan === 'a' ? [notPossible] : []
  if (refuse(model, arrival, [...inTheWay, ...forbidden])) return
  if ((plan ?? now) === now && parameters === undefined) return respond(model, arrival.request, one(200))
  resource.before.push(op.serial)
  resource.op = newOp(model, 'update', plan ?? now, { update: { plan, parameters } })
  begin(model, arrival, resource, acceptsIncomplete)
}

function deprovision(model: ModelState, arrival: Arrival, call: Of<'deprovision'>): void {
  const name = resourceOf(call.tenant, call.instance)
  const resource = model.resources[name]
  if (!isThere(resource)) return void refuse(model, arrival, [gone])
  const deleting = runs(resource) && resource.op.kind === 'delete'
  const inTheWay = bindingsOf(model, name).some(runs) && !deleting ? [busy] : []
  const plans = [resource.facts.plan]
  remove(model, arrival, resource, { ...call, plans, inTheWay })
}

function unbind(model: ModelState, arrival: Arrival, call: Of<'unbind'>): void {
  const instance = model.resources[resourceOf(call.tenant, call.instance)]
  const binding = model.resources[resourceOf(call.tenant, call.instance, call.binding)]
  if (!isThere(instance) || !isThere(binding)) return void refuse(model, arrival, [gone])
  const acceptsIncomplete = call.acceptsIncomplete && !call.old
  const plans = [binding.facts.plan, instance.facts.plan]
  remove(model, arrival, binding, { plan: call.plan, acceptsIncomplete, plans, inTheWay: runs(instance) ? [busy] : [] })
}

interface Removal {
  readonly plan: string
  readonly plans: readonly string[]
  readonly acceptsIncomplete: boolean
  readonly inTheWay: readonly Allowed[]
}

function remove(
  model: ModelState,
  arrival: Arrival,
  resource: Resource,
  { plan, plans, acceptsIncomplete, inTheWay }: Removal,
): void {
  const { op, facts, name } = resource
  const unsuited = [...(plans.includes(plan) ? [] : [wrong]), ...needsAsync(facts.plan, acceptsIncomplete)]
  if (refuse(model, arrival, [...unsuited, ...inTheWay])) return
  if (runs(resource) && op.kind === 'delete') return join(model, arrival, resource, acceptsIncomplete)
  if (runs(resource) && (op.kind === 'update' || !acceptsIncomplete)) return void refuse(model, arrival, [busy])
  if (runs(resource)) {
    op.overtakenBy ??= ++model.serial
    respond(model, arrival.request, one(202, {}, op.overtakenBy))
    const run = newestRun(model, arrival.process, name)
    if (arrival.late && run) model.haltedLate.push(run.serial)
    else halt(model, run, 'overtaken')
    return
  }
  resource.before.push(op.serial)
  resource.op = newOp(model, 'delete', facts.plan)
  begin(model, arrival, resource, acceptsIncomplete)
}

function bind(model: ModelState, arrival: Arrival, call: Of<'bind'>): void {
  const { plan, parameters, app, predecessor } = call
  const acceptsIncomplete = call.acceptsIncomplete && !call.old
  const instance = model.resources[resourceOf(call.tenant, call.instance)]
  const unsuited = predecessor !== undefined && plan !== 'b' ? [wrong] : []
  if (!isLive(instance))
    return void refuse(model, arrival, [...unsuited, instance?.phase === 'creating' ? busy : notFound])
  if (plan !== instance.facts.plan) unsuited.push(wrong)
  if (refuse(model, arrival, [...unsuited, ...needsAsync(instance.facts.plan, acceptsIncomplete)])) return
  const name = resourceOf(call.tenant, call.instance, call.binding)
  const binding = model.resources[name]
  if (binding && (isLive(binding) || binding.phase === 'creating')) {
    const { op, facts } = binding
    if ((runs(binding) && op.kind === 'delete') || op.overtakenBy !== undefined)
      return void refuse(model, arrival, [busy])
    const { bound } = facts
    const same = bound?.app === app && bound.predecessor === predecessor && sameParameters(facts.parameters, parameters)
    if (!same) return void refuse(model, arrival, [conflict])
    if (isLive(binding)) return respond(model, arrival.request, one(200, bodyOf(binding)))
    return join(model, arrival, binding, acceptsIncomplete)
  }
  const other =
    predecessor === undefined ? undefined : model.resources[resourceOf(call.tenant, call.instance, predecessor)]
  const missing = predecessor !== undefined && !isLive(other) ? [wrong] : []
  const inTheWay = runs(binding) || runs(instance) ? [busy] : []
  if (refuse(model, arrival, [...inTheWay, ...missing])) return
  const facts = { plan, parameters, bound: { app, predecessor } }
  begin(model, arrival, created(model, name, facts, binding), acceptsIncomplete)
}
