import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isPromise } from '../is-promise.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import type { HandlerContext, InstanceView } from '../offering/handlers.js'
import { parseParameters, parseParametersNow } from '../offering/parse-parameters.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { jsonCopy } from '../stores/json-copy.js'
import { handlerContext } from './handler-context.js'
import { noLongerOffered } from './lifecycle.js'
import type { OfferingIndex } from './offering-index.js'
import type { OperationControl } from './running-operation.js'
import type { Asker, BindingRequest, InstanceRequest, UpdateRequestKept } from './stored-requests.js'

/** The records that work on a binding is about. */
export interface BindingRecords {
  readonly record: ResourceRecord
  readonly instance: ResourceRecord
}

export function provisionInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const request = jsonCopy(record.secrets.request) as InstanceRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  const withParameters = (parameters: unknown) =>
    inputOf(offering, record, request, control, {
      plan_id: plan.id,
      plan_name: plan.name,
      instance_id: record.key.instance_id,
      service_id: record.service_id,
      parameters: parameters as never,
      context: request.context,
      organization_guid: request.organization_guid,
      space_guid: request.space_guid,
    })
  const parameters = parseParametersNow(plan.parameters?.provision, request.parameters ?? {})
  return isPromise(parameters) ? parameters.then(withParameters) : withParameters(parameters)
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
  return inputOf(offering, record, asked, control, {
    plan_id: after.id,
    plan_name: after.name,
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

export function deleteInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const asker = jsonCopy(record.secrets.operationRequest) as Asker
  return inputOf(offering, record, asker, control, {
    plan_id: record.plan_id,
    plan_name: planName(offerings, record),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    instance: instanceView(offerings, record),
  })
}

export function bindingInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  const request = jsonCopy(record.secrets.request) as BindingRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  const withParameters = (parameters: unknown) =>
    inputOf(offering, record, request, control, {
      instance_id: record.key.instance_id,
      binding_id: record.key.binding_id ?? '',
      service_id: record.service_id,
      plan_id: plan.id,
      plan_name: plan.name,
      instance: instanceView(offerings, instance),
      parameters: parameters as never,
      context: request.context,
      app_guid: request.app_guid,
      bind_resource: request.bind_resource,
      predecessor_binding_id: request.predecessor_binding_id,
    })
  const parameters = parseParametersNow(plan.parameters?.bind, request.parameters ?? {})
  return isPromise(parameters) ? parameters.then(withParameters) : withParameters(parameters)
}

export function unbindInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  const asker = jsonCopy(record.secrets.operationRequest) as Asker
  return inputOf(offering, record, asker, control, existingBinding(offerings, { record, instance }))
}

/** What is handed over of a binding that there is. */
export function existingBinding(offerings: OfferingIndex, { record, instance }: BindingRecords) {
  return {
    instance_id: record.key.instance_id,
    binding_id: record.key.binding_id ?? '',
    service_id: record.service_id,
    plan_id: record.plan_id,
    plan_name: planName(offerings, record),
    instance: instanceView(offerings, instance),
    bindingState: jsonCopy(record.secrets.state),
  }
}

function demandPlan(offerings: OfferingIndex, service_id: string, plan_id: string): PlanDefinition {
  const choice = offerings.find(service_id, plan_id)
  if (!choice) throw noLongerOffered('service plan')
  return choice.plan
}

/** Empty when the plan has gone from the offering: its name is not known any more then. */
function planName(offerings: OfferingIndex, { service_id, plan_id }: ResourceRecord): string {
  return offerings.find(service_id, plan_id)?.plan.name ?? ''
}

/** Copies, since authors may change what they are given, and a store may hand the same record out again. */
function instanceView(offerings: OfferingIndex, record: ResourceRecord): InstanceView<unknown> {
  const { parameters, context } = record.secrets.request as InstanceRequest
  return {
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    plan_id: record.plan_id,
    plan_name: planName(offerings, record),
    parameters: jsonCopy(parameters ?? {}),
    context: jsonCopy(context),
    state: jsonCopy(record.secrets.state),
  }
}

/** What every handler gets, and what is its own. */
function inputOf<Own extends object>(
  { checkpoints }: OfferingDefinition,
  record: ResourceRecord,
  asker: Asker,
  control: OperationControl,
  own: Own,
): (HandlerContext & Own) | PromiseLike<HandlerContext & Own> {
  const checkpointed = readCheckpoint(checkpoints, jsonCopy(record.secrets.checkpoint))
  const withCheckpoint = (value: unknown) => Object.assign(handlerContext(record, asker, value, control), own)
  return isPromise(checkpointed) ? checkpointed.then(withCheckpoint) : withCheckpoint(checkpointed)
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
