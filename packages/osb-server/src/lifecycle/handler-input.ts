import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isPromise } from '../is-promise.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import type { HandlerContext, InstanceView } from '../offering/handlers.js'
import { parseParameters, parseParametersNow } from '../offering/parse-parameters.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { jsonCopy, withoutUndefined } from '../stores/json-copy.js'
import { noLongerOffered } from './lifecycle.js'
import type { OfferingIndex } from './offering-index.js'
import type { OperationControl } from './running-operation.js'
import { handlerInput } from './signalled-input.js'
import { type Asker, type BindingRequest, type InstanceRequest, type UpdateRequestKept } from './stored-requests.js'

/** The records that work on a binding is about. */
interface BindingRecords {
  readonly record: ResourceRecord
  readonly instance: ResourceRecord
}

export async function provisionInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const request = jsonCopy(record.secrets.request) as InstanceRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  const parameters = parseParametersNow(plan.parameters?.provision, request.parameters ?? {})
  return handlerInput(await contextOf(offering, record, request, control), control, {
    ...planFields(plan),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    parameters: (isPromise(parameters) ? await parameters : parameters) as never,
    context: request.context,
    organization_guid: request.organization_guid,
    space_guid: request.space_guid,
  })
}

export async function updateInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const asked = jsonCopy(record.secrets.operationRequest) as UpdateRequestKept
  const before = demandPlan(offerings, record.service_id, record.plan_id)
  const after = demandPlan(offerings, record.service_id, asked.plan_id ?? record.plan_id)
  return handlerInput(await contextOf(offering, record, asked, control), control, {
    ...planFields(after),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    previous_plan_name: before.name,
    // A schema with required fields must not refuse an update that brings no parameters at all (T37).
    parameters: (asked.parameters && (await parseParameters(after.parameters?.update, asked.parameters))) as never,
    instance: instanceView(offerings, record),
    context: asked.context,
    maintenance_info: asked.maintenance_info,
  })
}

export async function deleteInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const asker = jsonCopy(record.secrets.operationRequest) as Asker
  return handlerInput(await contextOf(offering, record, asker, control), control, {
    ...planOf(offerings, record),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    instance: instanceView(offerings, record),
  })
}

export async function bindingInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  const request = jsonCopy(record.secrets.request) as BindingRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  const parameters = parseParametersNow(plan.parameters?.bind, request.parameters ?? {})
  return handlerInput(await contextOf(offering, record, request, control), control, {
    ...bindingIds(record),
    ...planFields(plan),
    instance: instanceView(offerings, instance),
    parameters: (isPromise(parameters) ? await parameters : parameters) as never,
    context: request.context,
    app_guid: request.app_guid,
    bind_resource: request.bind_resource,
    predecessor_binding_id: request.predecessor_binding_id,
  })
}

export async function unbindInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  const asker = jsonCopy(record.secrets.operationRequest) as Asker
  const context = await contextOf(offering, record, asker, control)
  return handlerInput(context, control, existingBinding(offerings, { record, instance }))
}

/** What is handed over of a binding that there is. */
export function existingBinding(offerings: OfferingIndex, { record, instance }: BindingRecords) {
  return {
    ...bindingIds(record),
    ...planOf(offerings, record),
    instance: instanceView(offerings, instance),
    bindingState: jsonCopy(record.secrets.state),
  }
}

function bindingIds({ key, service_id }: ResourceRecord) {
  return { instance_id: key.instance_id, binding_id: key.binding_id ?? '', service_id }
}

function demandPlan(offerings: OfferingIndex, service_id: string, plan_id: string): PlanDefinition {
  const choice = offerings.find(service_id, plan_id)
  if (!choice) throw noLongerOffered('service plan')
  return choice.plan
}

function planFields({ id, name }: PlanDefinition) {
  return { plan_id: id, plan_name: name }
}

/** The plan of a record, whose name is not known any more if it has gone from the offering. */
function planOf(offerings: OfferingIndex, { service_id, plan_id }: ResourceRecord) {
  return { plan_id, plan_name: offerings.find(service_id, plan_id)?.plan.name ?? '' }
}

/** Copies, since authors may change what they are given, and a store may hand the same record out again. */
function instanceView(offerings: OfferingIndex, record: ResourceRecord): InstanceView<unknown> {
  const { parameters, context } = record.secrets.request as InstanceRequest
  return {
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    ...planOf(offerings, record),
    parameters: jsonCopy(parameters ?? {}),
    context: jsonCopy(context),
    state: jsonCopy(record.secrets.state),
  }
}

async function contextOf(
  { checkpoints }: OfferingDefinition,
  { operation, secrets, key, lease }: ResourceRecord,
  { originatingIdentity, principal }: Asker,
  { amend }: OperationControl,
): Promise<Omit<HandlerContext, 'signal'>> {
  const checkpointed = readCheckpoint(checkpoints, jsonCopy(secrets.checkpoint))
  return {
    tenant: key.tenant,
    originatingIdentity,
    principal,
    attempt: operation.attempt,
    fencingToken: lease?.token ?? 0,
    checkpointed: isPromise(checkpointed) ? await checkpointed : checkpointed,
    progress(text, { instance_usable, update_repeatable } = {}) {
      const description = text === '' ? undefined : text
      const news = withoutUndefined({ description, instance_usable, update_repeatable })
      if (Object.keys(news).length === 0) return Promise.resolve()
      return unwatched(amend((content) => ({ ...content, operation: { ...content.operation, ...news } })))
    },
    checkpoint: (value) =>
      unwatched(amend((content) => ({ ...content, secrets: { ...content.secrets, checkpoint: value } }))),
  }
}

/** An earlier version of the broker may have stored it. */
function readCheckpoint(schema: OfferingDefinition['checkpoints'], stored: unknown): unknown {
  if (!schema || stored === undefined) return stored
  const result = schema['~standard'].validate(stored)
  return isPromise(result) ? result.then(checkpointOf) : checkpointOf(result)
}

function checkpointOf(result: StandardSchemaV1.Result<unknown>): unknown {
  if (!result.issues) return result.value
  throw new TypeError('what an earlier attempt stored with checkpoint does not fit the checkpoints of the offering')
}

/** An author may not wait for a report; its failure must not end the process as an unhandled rejection then. */
function unwatched(written: Promise<unknown>): Promise<void> {
  const done = written.then(() => undefined)
  done.catch(() => undefined)
  return done
}
