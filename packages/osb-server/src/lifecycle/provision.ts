import type { JsonObject, ProvisionCall, ProvisionOutcome, ProvisionResponse } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import type { ResourceKey, ResourceRecord } from '../stores/broker-store.js'
import { withoutUndefined } from '../stores/json-copy.js'
import { type Awaited, awaitOperation, joinOperation } from './await-operation.js'
import { keptRemains } from './failed-remains.js'
import { sameParameters } from './same-parameters.js'
import {
  busy,
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
import { type InstanceRequest, instanceRequestOf, samePlace } from './stored-requests.js'

/** Creates a service instance, or finds that it is there or under way already (PROV-12 … PROV-19). */
export function provision(
  lifecycle: Lifecycle,
  call: ProvisionCall,
  details: RequestDetails,
): Promise<ProvisionOutcome> {
  const choice = choosePlan(lifecycle.offerings, call.service_id, call.plan_id)
  const acceptsIncomplete = call.accepts_incomplete === true
  demandAsync(choice.offering, acceptsIncomplete)
  const key = { tenant: details.tenant, instance_id: call.instance_id }
  const request = instanceRequestOf(call, details)
  return decide(lifecycle, key, async ({ instance }) => {
    const creating = runs(instance, 'create')
    if (instance && (creating || isLive(instance))) {
      if (runs(instance, 'delete') || instance.operation.overtakenBy !== undefined) throw busy('service instance')
      if (!(await sameInstance(instance, choice, request)))
        throw OsbError.conflict('A service instance with this id exists with other attributes.')
      if (!creating) return answer('exists', { record: instance }, instance)
      return answer('exists', await joinOperation(lifecycle, instance, acceptsIncomplete), instance)
    }
    if (runs(instance, 'delete')) throw busy('service instance')
    const started = startProvision(lifecycle, key, choice, request, instance)
    const record = isPromise(started) ? await started : started
    if (!record) return tooLate
    return answer('created', await awaitOperation(lifecycle, record, acceptsIncomplete), record)
  })
}

function startProvision(
  { store, owner, leaseMs }: Lifecycle,
  key: ResourceKey,
  { offering, plan }: PlanChoice,
  request: InstanceRequest,
  remains: ResourceRecord | undefined,
): MaybePromise<ResourceRecord | undefined> {
  const { id: service_id } = offering
  const dashboard_url = offering.dashboardUrl?.({
    service_id,
    plan_id: plan.id,
    plan_name: plan.name,
    context: request.context,
    ...key,
  })
  return store.write({
    key,
    expected: remains?.version ?? 'absent',
    lease: { owner, ttlMs: leaseMs },
    // Bindings of an earlier life of this id do not come back with it.
    removeBindings: remains !== undefined,
    content: {
      service_id,
      plan_id: plan.id,
      status: 'creating',
      operation: newOperation('create', plan, remains),
      secrets: {
        request: request as JsonObject,
        answer: { dashboard_url, maintenance_info: plan.maintenance_info },
        ...keptRemains(remains),
      },
    },
  })
}

async function sameInstance(
  instance: ResourceRecord,
  { offering, plan }: PlanChoice,
  request: InstanceRequest,
): Promise<boolean> {
  const stored = instance.secrets.request as InstanceRequest
  if (instance.service_id !== offering.id || instance.plan_id !== plan.id || !samePlace(stored, request)) return false
  return sameParameters(plan.parameters?.provision, stored.parameters, request.parameters)
}

function answer(outcome: 'exists' | 'created', awaited: Awaited, started: ResourceRecord): ProvisionOutcome {
  if (awaited === 'later')
    return { outcome: 'accepted', body: { ...provisionBody(started), operation: started.operation.id } }
  return { outcome, body: provisionBody(awaited.record) }
}

function provisionBody({ secrets }: ResourceRecord): ProvisionResponse {
  const { dashboard_url, metadata } = secrets.answer as ProvisionResponse
  return withoutUndefined({ dashboard_url, metadata })
}
