import type { BindCall, BindOutcome, BindResponse, JsonObject } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import type { ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { type Awaited, awaitOperation, joinOperation } from './await-operation.js'
import { keptRemains } from './failed-remains.js'
import {
  busy,
  checkSerial,
  choosePlan,
  decide,
  demandAsync,
  isLive,
  type Lifecycle,
  newOperation,
  runs,
  tooLate,
} from './lifecycle.js'
import type { PlanChoice } from './offering-index.js'
import { readBindingData } from './read-binding.js'
import { sameParameters } from './same-parameters.js'
import { type BindingRequest, bindingRequestOf, sameBinding } from './stored-requests.js'

/** Creates a service binding, or finds that it is there or under way already (BIND-22 … BIND-34). */
export function bind(
  lifecycle: Lifecycle,
  call: BindCall,
  details: RequestDetails,
  acceptsIncomplete: boolean,
): Promise<BindOutcome> {
  const { instance_id, binding_id } = call
  const key = { tenant: details.tenant, instance_id, binding_id }
  const request = bindingRequestOf(call, details)
  return decide(lifecycle, key, async ({ instance, binding, bindingsBusy }) => {
    if (runs(instance, 'create')) throw busy('service instance')
    if (!isLive(instance)) throw OsbError.notFound('There is no such service instance.')
    const choice = choiceOf(lifecycle, call, instance)
    demandAsync(choice.offering, acceptsIncomplete)
    demandApp(choice, call)
    // The credentials of a bind that was answered 202 come with a fetch only (T13).
    const takesLater = acceptsIncomplete && choice.offering.bindings_retrievable !== false
    const toAnswer = (outcome: 'exists' | 'created', record: ResourceRecord, awaited: Awaited) =>
      answer(lifecycle, outcome, { record, instance }, awaited, details)
    const creating = runs(binding, 'create')
    if (binding && (creating || isLive(binding))) {
      if (runs(binding, 'delete') || binding.operation.overtakenBy !== undefined) throw busy('service binding')
      if (!(await isSame(binding, choice, request)))
        throw OsbError.conflict('A service binding with this id exists with other parameters.')
      if (!creating) return toAnswer('exists', binding, { record: binding })
      return toAnswer('exists', binding, await joinOperation(lifecycle, binding, takesLater))
    }
    if (runs(binding, 'delete')) throw busy('service binding')
    if (instance.operation.state === 'in progress') throw busy('service instance')
    checkSerial(choice.offering, bindingsBusy)
    if (request.predecessor_binding_id !== undefined) await checkPredecessor(lifecycle, key, choice, request)
    const started = startBind(lifecycle, key, choice, request, { instance, remains: binding })
    const record = isPromise(started) ? await started : started
    if (!record) return tooLate
    return toAnswer('created', record, await awaitOperation(lifecycle, record, takesLater, instance))
  })
}

/** A bind names its instance's offering and plan; a rotation may leave them out (A3, A6). */
function choiceOf({ offerings }: Lifecycle, call: BindCall, instance: ResourceRecord): PlanChoice {
  const { service_id, plan_id } = instance
  if ((call.service_id ?? service_id) !== service_id || (call.plan_id ?? plan_id) !== plan_id)
    throw OsbError.badRequest('service_id and plan_id are not those of the service instance')
  return choosePlan(offerings, service_id, plan_id)
}

/** @throws {OsbError} 422 `RequiresApp` (BIND-31); a rotation has the app of its predecessor */
function demandApp({ offering }: PlanChoice, { bind_resource, app_guid, predecessor_binding_id }: BindCall): void {
  const hasApp = (bind_resource?.app_guid ?? app_guid ?? predecessor_binding_id) !== undefined
  if (offering.requiresApp && !hasApp) throw OsbError.requiresApp()
}

/** The binding that a rotation replaces must be there, on the same instance, and its plan must allow it (A7). */
async function checkPredecessor(
  { store }: Lifecycle,
  { tenant, instance_id, binding_id }: ResourceKey,
  { plan }: PlanChoice,
  { predecessor_binding_id }: BindingRequest,
): Promise<void> {
  if (!plan.binding_rotatable) throw OsbError.badRequest(`bindings of the plan ${plan.name} cannot be rotated`)
  if (predecessor_binding_id === binding_id)
    throw OsbError.badRequest('predecessor_binding_id must be another binding than the one that is created')
  const { binding } = await store.read({ tenant, instance_id, binding_id: predecessor_binding_id })
  if (!isLive(binding)) throw OsbError.badRequest('predecessor_binding_id is no binding of this service instance')
  const { metadata } = binding.secrets.answer as BindResponse
  if (metadata?.expires_at !== undefined && Date.parse(metadata.expires_at) <= Date.now())
    throw OsbError.badRequest('the binding of predecessor_binding_id has expired')
}

function startBind(
  { store, owner, leaseMs }: Lifecycle,
  key: ResourceKey,
  { offering, plan }: PlanChoice,
  request: BindingRequest,
  found: { readonly instance: ResourceRecord; readonly remains: ResourceRecord | undefined },
): MaybePromise<ResourceRecord | undefined> {
  return store.write({
    key,
    expected: found.remains?.version ?? 'absent',
    instanceVersion: found.instance.version,
    lease: { owner, ttlMs: leaseMs },
    content: {
      service_id: offering.id,
      plan_id: plan.id,
      status: 'creating',
      operation: newOperation('create', plan, found.remains),
      secrets: { request: request as JsonObject, answer: {}, ...keptRemains(found.remains) },
    },
  })
}

async function isSame(binding: ResourceRecord, { plan }: PlanChoice, request: BindingRequest): Promise<boolean> {
  const stored = binding.secrets.request as BindingRequest
  return sameBinding(stored, request) && sameParameters(plan.parameters?.bind, stored.parameters, request.parameters)
}

function answer(
  lifecycle: Lifecycle,
  outcome: 'exists' | 'created',
  { record: started, instance }: { readonly record: ResourceRecord; readonly instance: ResourceRecord },
  awaited: Awaited,
  details: RequestDetails,
): MaybePromise<BindOutcome> {
  // Nothing but `operation` may be in a 202 (BIND-26).
  if (awaited === 'later') return { outcome: 'accepted', body: { operation: started.operation.id } }
  const { record, unstored } = awaited
  if (unstored) return { outcome, body: { ...record.secrets.answer, ...unstored } }
  const data = readBindingData(lifecycle, { record, instance }, details)
  return isPromise(data) ? data.then((body) => ({ outcome, body })) : { outcome, body: data }
}
