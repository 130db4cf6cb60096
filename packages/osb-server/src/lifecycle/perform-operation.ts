import { OsbError } from '../errors.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { HandlerContext, InstanceView } from '../offering/handlers.js'
import { parseParameters } from '../offering/parse-parameters.js'
import type { BrokerStore, ResourceRecord } from '../stores/broker-store.js'
import type { OfferingIndex, PlanChoice } from './offering-index.js'
import type { OperationControl } from './running-operation.js'
import type { Asker, BindingRequest, InstanceRequest, UpdateRequestKept } from './stored-requests.js'

/** Calls the author's function that a record's operation asks for, with input made from the record alone. */
export async function performOperation(
  offerings: OfferingIndex,
  store: BrokerStore,
  record: ResourceRecord,
  control: OperationControl,
): Promise<unknown> {
  if (record.key.binding_id !== undefined) return performOnBinding(offerings, store, record, control)
  const choice = offerings.find(record.service_id, record.plan_id)
  if (!choice) throw noLongerOffered()
  const handlers: OfferingDefinition = choice.offering
  switch (record.operation.kind) {
    case 'create':
      return handlers.provision(await provisionInput(record, choice, control))
    case 'update':
      return handlers.update?.(await updateInput(offerings, record, control))
    case 'delete':
      return handlers.deprovision({
        ...contextOf(record, control),
        ...planFields(choice.plan),
        instance_id: record.key.instance_id,
        service_id: record.service_id,
        instance: instanceView(record, choice.plan),
      })
  }
}

async function performOnBinding(
  offerings: OfferingIndex,
  store: BrokerStore,
  record: ResourceRecord,
  control: OperationControl,
): Promise<unknown> {
  const instance = control.instance ?? (await store.read(record.key)).instance
  if (!instance) throw OsbError.notFound('The service instance of this binding does not exist any more.')
  const now = offerings.find(instance.service_id, instance.plan_id)
  // The instance may have moved away from the plan that it had at the bind, and this plan may be gone since.
  const choice = offerings.find(record.service_id, record.plan_id) ?? now
  if (!choice) throw noLongerOffered()
  const instancePlan = now?.plan ?? choice.plan
  const common = {
    ...contextOf(record, control),
    ...planFields(choice.plan),
    instance_id: record.key.instance_id,
    binding_id: record.key.binding_id ?? '',
    service_id: record.service_id,
    instance: instanceView(instance, instancePlan),
  }
  if (record.operation.kind === 'delete')
    return choice.offering.unbind?.({ ...common, bindingState: record.secrets.state })
  const { parameters, context, app_guid, bind_resource, predecessor_binding_id } = record.secrets
    .request as BindingRequest
  return choice.offering.bind?.({
    ...common,
    parameters: (await parseParameters(choice.plan.parameters?.bind, parameters ?? {})) as never,
    context,
    app_guid,
    bind_resource,
    predecessor_binding_id,
  })
}

async function provisionInput(record: ResourceRecord, { plan }: PlanChoice, control: OperationControl) {
  const { parameters, context, organization_guid, space_guid } = record.secrets.request as InstanceRequest
  return {
    ...contextOf(record, control),
    ...planFields(plan),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    parameters: (await parseParameters(plan.parameters?.provision, parameters ?? {})) as never,
    context,
    organization_guid,
    space_guid,
  }
}

async function updateInput(offerings: OfferingIndex, record: ResourceRecord, control: OperationControl) {
  const asked = record.secrets.operationRequest as UpdateRequestKept
  const before = offerings.find(record.service_id, record.plan_id)
  const after = offerings.find(record.service_id, asked.plan_id ?? record.plan_id)
  if (!before || !after) throw OsbError.unprocessable('The plan of this update is no longer offered.')
  return {
    ...contextOf(record, control),
    ...planFields(after.plan),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    // A schema with required fields must not refuse an update that brings no parameters at all (T37).
    previous_plan_name: before.plan.name,
    parameters: (asked.parameters && (await parseParameters(after.plan.parameters?.update, asked.parameters))) as never,
    instance: instanceView(record, before.plan),
    context: asked.context,
    maintenance_info: asked.maintenance_info,
  }
}

function planFields(plan: PlanDefinition) {
  return { plan_id: plan.id, plan_name: plan.name }
}

function instanceView(record: ResourceRecord, plan: PlanDefinition): InstanceView<unknown> {
  const { parameters, context } = record.secrets.request as InstanceRequest
  return {
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    ...planFields(plan),
    parameters: parameters ?? {},
    context,
    state: record.secrets.state,
  }
}

function contextOf(record: ResourceRecord, { signal, amend }: OperationControl): HandlerContext {
  const { operation, secrets, key } = record
  const asked = (operation.kind === 'create' ? secrets.request : secrets.operationRequest) as Asker
  return {
    tenant: key.tenant,
    originatingIdentity: asked.originatingIdentity,
    principal: asked.principal,
    signal,
    attempt: operation.attempt,
    fencingToken: record.lease?.token ?? 0,
    checkpointed: secrets.checkpoint,
    progress: (description) =>
      description === ''
        ? Promise.resolve()
        : unwatched(amend((content) => ({ ...content, operation: { ...content.operation, description } }))),
    checkpoint: (value) =>
      unwatched(amend((content) => ({ ...content, secrets: { ...content.secrets, checkpoint: value } }))),
  }
}

/** An author may not wait for a report; its failure must not end the process as an unhandled rejection then. */
function unwatched(written: Promise<unknown>): Promise<void> {
  const done = written.then(() => undefined)
  done.catch(() => undefined)
  return done
}

function noLongerOffered(): OsbError {
  return OsbError.unprocessable('The service offering or plan of this operation is no longer offered.')
}
