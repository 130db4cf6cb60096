import type { OfferingDefinition } from '../offering/define-offering.js'
import type { PlanDefinition } from '../offering/define-plan.js'
import type { HandlerContext, InstanceView } from '../offering/handlers.js'
import { parseParameters } from '../offering/parse-parameters.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { noLongerOffered } from './lifecycle.js'
import type { OfferingIndex } from './offering-index.js'
import type { OperationControl } from './running-operation.js'
import {
  type Asker,
  type BindingRequest,
  type InstanceRequest,
  type UpdateRequestKept,
  withoutUndefined,
} from './stored-requests.js'

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
  const { parameters, context, organization_guid, space_guid } = record.secrets.request as InstanceRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  return {
    ...(await contextOf(offering, record, control)),
    ...planFields(plan),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    parameters: (await parseParameters(plan.parameters?.provision, parameters ?? {})) as never,
    context,
    organization_guid,
    space_guid,
  }
}

export async function updateInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  const asked = record.secrets.operationRequest as UpdateRequestKept
  const before = demandPlan(offerings, record.service_id, record.plan_id)
  const after = demandPlan(offerings, record.service_id, asked.plan_id ?? record.plan_id)
  return {
    ...(await contextOf(offering, record, control)),
    ...planFields(after),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    previous_plan_name: before.name,
    // A schema with required fields must not refuse an update that brings no parameters at all (T37).
    parameters: (asked.parameters && (await parseParameters(after.parameters?.update, asked.parameters))) as never,
    instance: instanceView(offerings, record),
    context: asked.context,
    maintenance_info: asked.maintenance_info,
  }
}

export async function deleteInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  record: ResourceRecord,
  control: OperationControl,
) {
  return {
    ...(await contextOf(offering, record, control)),
    ...planOf(offerings, record),
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    instance: instanceView(offerings, record),
  }
}

export async function bindingInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  const { parameters, context, app_guid, bind_resource, predecessor_binding_id } = record.secrets
    .request as BindingRequest
  const plan = demandPlan(offerings, record.service_id, record.plan_id)
  return {
    ...(await contextOf(offering, record, control)),
    ...bindingIds(record),
    ...planFields(plan),
    instance: instanceView(offerings, instance),
    parameters: (await parseParameters(plan.parameters?.bind, parameters ?? {})) as never,
    context,
    app_guid,
    bind_resource,
    predecessor_binding_id,
  }
}

export async function unbindInput(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  { record, instance }: BindingRecords,
  control: OperationControl,
) {
  return { ...(await contextOf(offering, record, control)), ...existingBinding(offerings, { record, instance }) }
}

/** What is handed over of a binding that there is. */
export function existingBinding(offerings: OfferingIndex, { record, instance }: BindingRecords) {
  return {
    ...bindingIds(record),
    ...planOf(offerings, record),
    instance: instanceView(offerings, instance),
    bindingState: record.secrets.state,
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

function instanceView(offerings: OfferingIndex, record: ResourceRecord): InstanceView<unknown> {
  const { parameters, context } = record.secrets.request as InstanceRequest
  return {
    instance_id: record.key.instance_id,
    service_id: record.service_id,
    ...planOf(offerings, record),
    parameters: parameters ?? {},
    context,
    state: record.secrets.state,
  }
}

async function contextOf(
  { checkpoints }: OfferingDefinition,
  record: ResourceRecord,
  { signal, amend }: OperationControl,
): Promise<HandlerContext> {
  const { operation, secrets, key } = record
  const asked = (operation.kind === 'create' ? secrets.request : secrets.operationRequest) as Asker
  return {
    tenant: key.tenant,
    originatingIdentity: asked.originatingIdentity,
    principal: asked.principal,
    signal,
    attempt: operation.attempt,
    fencingToken: record.lease?.token ?? 0,
    checkpointed: await readCheckpoint(checkpoints, secrets.checkpoint),
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
async function readCheckpoint(schema: OfferingDefinition['checkpoints'], stored: unknown): Promise<unknown> {
  if (!schema || stored === undefined) return stored
  const result = await schema['~standard'].validate(stored)
  if (!result.issues) return result.value
  throw new TypeError('what an earlier attempt stored with checkpoint does not fit the checkpoints of the offering')
}

/** An author may not wait for a report; its failure must not end the process as an unhandled rejection then. */
function unwatched(written: Promise<unknown>): Promise<void> {
  const done = written.then(() => undefined)
  done.catch(() => undefined)
  return done
}
