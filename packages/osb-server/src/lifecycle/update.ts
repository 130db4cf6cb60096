import type { JsonObject, UpdateCall, UpdateOutcome, UpdateResponse } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { MaybePromise } from '../is-promise.js'
import { parseParameters } from '../offering/parse-parameters.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { checkMaintenanceInfo } from '../wire/check-maintenance-info.js'
import { withoutUndefined } from '../stores/json-copy.js'
import { type Awaited, awaitOperation, joinOperation } from './await-operation.js'
import { contentOf } from './content-of.js'
import {
  busy,
  choosePlan,
  decide,
  demandAsync,
  isLive,
  type Lifecycle,
  newOperation,
  noLongerOffered,
  runs,
  tooLate,
} from './lifecycle.js'
import type { PlanChoice } from './offering-index.js'
import { sameParameters } from './same-parameters.js'
import { type InstanceRequest, sameUpdate, type UpdateRequestKept, updateRequestOf } from './stored-requests.js'

/** Changes the plan, the parameters, the context or the maintenance version of an instance (UPD-22 … UPD-35). */
export function update(lifecycle: Lifecycle, call: UpdateCall, details: RequestDetails): Promise<UpdateOutcome> {
  const key = { tenant: details.tenant, instance_id: call.instance_id }
  const acceptsIncomplete = call.accepts_incomplete === true
  const request = updateRequestOf(call, details)
  return decide(lifecycle, key, async ({ instance, bindingsBusy }) => {
    if (runs(instance, 'create')) throw busy('service instance')
    if (!isLive(instance)) throw OsbError.notFound('There is no such service instance.')
    if (call.service_id !== instance.service_id)
      throw OsbError.badRequest('service_id is not that of the service instance')
    const before = lifecycle.offerings.find(instance.service_id, instance.plan_id)
    if (!before) throw noLongerOffered('service plan')
    const after = choosePlan(lifecycle.offerings, instance.service_id, call.plan_id ?? instance.plan_id)
    demandAsync(after.offering, acceptsIncomplete)
    if (runs(instance, 'update') && (await isSame(instance, after, request)))
      return answer(await joinOperation(lifecycle, instance, acceptsIncomplete), instance)
    if (instance.operation.state === 'in progress' || bindingsBusy) throw busy('service instance')
    await checkUpdate(before, after, request)
    if (!asksForWork(request, before, after)) return { outcome: 'updated', body: {} }
    const record = await startUpdate(lifecycle, instance, after, request)
    if (!record) return tooLate
    return answer(await awaitOperation(lifecycle, record, acceptsIncomplete), record)
  })
}

async function isSame(
  { plan_id, secrets }: ResourceRecord,
  { offering, plan }: PlanChoice,
  request: UpdateRequestKept,
): Promise<boolean> {
  const running = secrets.operationRequest as UpdateRequestKept
  if (!sameUpdate(running, request, { plan_id, takesContext: offering.allow_context_updates ?? false })) return false
  return sameParameters(plan.parameters?.update, running.parameters, request.parameters)
}

/** What can only be checked against the instance as it is: the plan it has now decides (UPD-05, MNT-10, T39). */
async function checkUpdate(before: PlanChoice, after: PlanChoice, request: UpdateRequestKept): Promise<void> {
  const planChanges = before.plan.id !== after.plan.id
  if (planChanges && after.plan.retired) throw OsbError.badRequest(`The plan ${after.plan.name} is no longer offered.`)
  if (planChanges && !(before.plan.plan_updateable ?? before.offering.plan_updateable ?? false))
    throw OsbError.unprocessable(`The plan ${before.plan.name} cannot be changed for another one.`)
  checkMaintenanceInfo(after.plan, request.maintenance_info)
  if (request.parameters !== undefined) await parseParameters(after.plan.parameters?.update, request.parameters)
  if (
    !after.offering.update &&
    (planChanges || request.parameters !== undefined || request.maintenance_info !== undefined)
  )
    throw OsbError.unprocessable(`The service ${after.offering.name} does not support updates.`)
}

/** A request that changes nothing is answered without the author (UPD-23). */
function asksForWork(request: UpdateRequestKept, { plan, offering }: PlanChoice, after: PlanChoice): boolean {
  if (!offering.update) return false
  const contextWanted = request.context !== undefined && (offering.allow_context_updates ?? false)
  const changes =
    plan.id !== after.plan.id || request.parameters !== undefined || request.maintenance_info !== undefined
  return changes || contextWanted
}

function startUpdate(
  { store, owner, leaseMs }: Lifecycle,
  instance: ResourceRecord,
  { offering, plan }: PlanChoice,
  request: UpdateRequestKept,
): MaybePromise<ResourceRecord | undefined> {
  const stored = instance.secrets.request as InstanceRequest
  const dashboard_url = offering.dashboardUrl?.({
    service_id: offering.id,
    plan_id: plan.id,
    plan_name: plan.name,
    context: request.context ?? stored.context,
    ...instance.key,
  })
  // The instance keeps its version unless this update is maintenance or brings another plan.
  const moves = request.maintenance_info !== undefined || plan.id !== instance.plan_id
  const { secrets } = instance
  const maintenance_info = moves ? plan.maintenance_info : secrets.answer['maintenance_info']
  return store.write({
    key: instance.key,
    expected: instance.version,
    lease: { owner, ttlMs: leaseMs },
    content: {
      ...contentOf(instance),
      operation: newOperation('update', plan, instance),
      secrets: {
        ...secrets,
        operationRequest: request as JsonObject,
        answer: { ...secrets.answer, updateAnswer: withoutUndefined({ dashboard_url, maintenance_info }) },
      },
    },
  })
}

function answer(awaited: Awaited, started: ResourceRecord): UpdateOutcome {
  if (awaited !== 'later') return { outcome: 'updated', body: updateBody(awaited.record.secrets.answer) }
  const pending = started.secrets.answer['updateAnswer'] as JsonObject | undefined
  return { outcome: 'accepted', body: { ...updateBody({ ...pending }), operation: started.operation.id } }
}

function updateBody({ dashboard_url, metadata }: UpdateResponse): UpdateResponse {
  return withoutUndefined({ dashboard_url, metadata })
}
