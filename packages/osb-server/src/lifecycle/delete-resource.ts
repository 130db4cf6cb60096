import type { DeprovisionCall, DeprovisionOutcome, JsonObject, UnbindCall } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { isPromise, type MaybePromise } from '../is-promise.js'
import type { ResourceContent, ResourceRecord } from '../stores/broker-store.js'
import { type Awaited, awaitOperation, joinOperation } from './await-operation.js'
import { contentOf } from './content-of.js'
import {
  busy,
  checkSerial,
  decide,
  demandAsync,
  isLive,
  type Lifecycle,
  newOperation,
  noLongerOffered,
  runs,
  tooLate,
} from './lifecycle.js'
import { askerOf } from './stored-requests.js'

/** Deletes a service instance, and with it the bindings that are left (DEP-10 … DEP-19, A2). */
export function deprovision(
  lifecycle: Lifecycle,
  call: DeprovisionCall,
  details: RequestDetails,
): Promise<DeprovisionOutcome> {
  const key = { tenant: details.tenant, instance_id: call.instance_id }
  const acceptsIncomplete = call.accepts_incomplete === true
  return decide(lifecycle, key, async ({ instance, bindingsBusy }) => {
    if (!instance || instance.status === 'deleted') return gone
    checkIds(call, [instance], 'service instance')
    if (bindingsBusy && !runs(instance, 'delete')) throw busy('service instance')
    if (refusesWithBindings(lifecycle, instance)) await checkBindings(lifecycle, instance)
    return deleteResource(lifecycle, instance, { acceptsIncomplete, details, what: 'service instance' })
  })
}

/** Deletes a service binding (UNB-11 … UNB-20). */
export function unbind(lifecycle: Lifecycle, call: UnbindCall, details: RequestDetails): Promise<DeprovisionOutcome> {
  const { instance_id, binding_id } = call
  const key = { tenant: details.tenant, instance_id, binding_id }
  const acceptsIncomplete = call.accepts_incomplete === true
  return decide(lifecycle, key, async ({ instance, binding, bindingsBusy }) => {
    if (!instance || !binding || instance.status === 'deleted' || binding.status === 'deleted') return gone
    // The instance may have got another plan since; either is right.
    checkIds(call, [binding, instance], 'service binding')
    if (instance.operation.state === 'in progress') throw busy('service instance')
    const isIdle = binding.operation.state !== 'in progress'
    if (isIdle) checkSerial(lifecycle.offerings.offering(binding.service_id), bindingsBusy)
    const shared = { acceptsIncomplete, details, what: 'service binding', instance } as const
    return deleteResource(lifecycle, binding, shared)
  })
}

const gone = { outcome: 'gone', body: {} } as const

/** What a delete is asked with. */
export interface DeleteRequest {
  readonly acceptsIncomplete: boolean
  readonly details: Pick<RequestDetails, 'originatingIdentity' | 'principal'>
  readonly what: 'service instance' | 'service binding'
  /** Of a binding. */
  readonly instance?: ResourceRecord
}

/** Begins a delete, or joins the one that runs. */
export async function deleteResource(
  lifecycle: Lifecycle,
  resource: ResourceRecord,
  request: DeleteRequest,
): Promise<DeprovisionOutcome | typeof tooLate> {
  const { acceptsIncomplete, what } = request
  const { service_id, plan_id } = resource
  const offering = lifecycle.offerings.offering(service_id)
  if (offering) demandAsync(offering, acceptsIncomplete)
  if (runs(resource, 'delete'))
    return answer(await joinOperation(lifecycle, resource, acceptsIncomplete), resource.operation.id)
  if (runs(resource, 'create')) return overtake(lifecycle, resource, request)
  if (resource.operation.state === 'in progress') throw busy(what)
  // Its functions are not here any more; nothing is changed until they are.
  if (!offering) throw noLongerOffered('service offering')
  const operation = newOperation('delete', lifecycle.offerings.find(service_id, plan_id)?.plan, resource)
  const started = writeDelete(lifecycle, resource, request, { ...contentOf(resource), operation }, 'take')
  const record = isPromise(started) ? await started : started
  if (!record) return tooLate
  return answer(await awaitOperation(lifecycle, record, acceptsIncomplete, request.instance), operation.id)
}

/** A delete during the create ends the create, and begins when that has ended (DEP-03, UNB-03, T44). */
async function overtake(
  lifecycle: Lifecycle,
  resource: ResourceRecord,
  request: DeleteRequest,
): Promise<DeprovisionOutcome | typeof tooLate> {
  if (!request.acceptsIncomplete) throw busy(request.what)
  const { operation } = resource
  const overtakenBy = operation.overtakenBy ?? newOperation('delete', undefined, undefined).id
  if (operation.overtakenBy === undefined) {
    const written = await writeDelete(
      lifecycle,
      resource,
      request,
      { ...contentOf(resource), operation: { ...operation, overtakenBy } },
      'keep',
    )
    if (!written) return tooLate
  }
  lifecycle.engine.find(resource.key)?.halt('overtaken')
  return answer('later', overtakenBy)
}

function writeDelete(
  { store, owner, leaseMs }: Lifecycle,
  { key, version }: ResourceRecord,
  { details, instance }: DeleteRequest,
  content: ResourceContent,
  lease: 'take' | 'keep',
): MaybePromise<ResourceRecord | undefined> {
  const operationRequest = askerOf(details) as JsonObject
  return store.write({
    key,
    expected: version,
    content: { ...content, secrets: { ...content.secrets, operationRequest } },
    lease: lease === 'keep' ? 'keep' : { owner, ttlMs: leaseMs },
    ...(instance === undefined ? {} : { instanceVersion: instance.version }),
  })
}

/** Whether an instance whose bindings are in use must not be deleted (A2). */
function refusesWithBindings({ offerings }: Lifecycle, { service_id, status }: ResourceRecord): boolean {
  return offerings.offering(service_id)?.deprovisionWithBindings === 'refuse' && status === 'live'
}

/** @throws {OsbError} 422 when an instance has bindings that are in use */
async function checkBindings({ store }: Lifecycle, { key }: ResourceRecord): Promise<void> {
  const { tenant, instance_id } = key
  let after: string | undefined
  do {
    const page = await store.list({ tenant, instance_id, after })
    if (page.records.some(isLive))
      throw OsbError.unprocessable('The service instance still has service bindings; delete them first.')
    after = page.next
  } while (after !== undefined)
}

/** service_id and plan_id must be those of what is deleted (A3). */
function checkIds(call: DeprovisionCall, records: readonly ResourceRecord[], what: string): void {
  if (!records.some(({ service_id, plan_id }) => service_id === call.service_id && plan_id === call.plan_id))
    throw OsbError.badRequest(`service_id and plan_id are not those of the ${what}`)
}

function answer(awaited: Awaited, operation: string): DeprovisionOutcome {
  return awaited === 'later' ? { outcome: 'accepted', body: { operation } } : { outcome: 'deleted', body: {} }
}
