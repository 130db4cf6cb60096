import type {
  BindCall,
  BindResource,
  Context,
  JsonObject,
  MaintenanceInfo,
  OriginatingIdentity,
  ProvisionCall,
  UpdateCall,
} from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { equalJson } from './equal-json.js'

/** Who asked, kept with each request for the author's functions. */
export interface Asker {
  readonly originatingIdentity?: OriginatingIdentity | undefined
  readonly principal?: string | undefined
}

type AskerDetails = Pick<RequestDetails, 'originatingIdentity' | 'principal'>

/** What is kept of a provision request, and after updates what describes the instance as it is now. */
export interface InstanceRequest extends Asker {
  readonly parameters?: JsonObject | undefined
  readonly context?: Context | undefined
  readonly organization_guid?: string | undefined
  readonly space_guid?: string | undefined
}

/** What is kept of an update request while it runs. */
export interface UpdateRequestKept extends Asker {
  readonly plan_id?: string | undefined
  readonly parameters?: JsonObject | undefined
  readonly context?: Context | undefined
  readonly maintenance_info?: MaintenanceInfo | undefined
}

/** What is kept of a bind request. */
export interface BindingRequest extends Asker {
  readonly parameters?: JsonObject | undefined
  readonly context?: Context | undefined
  readonly app_guid?: string | undefined
  readonly bind_resource?: BindResource | undefined
  readonly predecessor_binding_id?: string | undefined
}

export function askerOf({ originatingIdentity, principal }: AskerDetails): Asker {
  return { originatingIdentity, principal }
}

export function instanceRequestOf(call: ProvisionCall, details: AskerDetails): InstanceRequest {
  const { parameters, context, organization_guid, space_guid } = call
  const { originatingIdentity, principal } = details
  return { parameters, context, organization_guid, space_guid, originatingIdentity, principal }
}

export function updateRequestOf(call: UpdateCall, details: AskerDetails): UpdateRequestKept {
  const { plan_id, parameters, context, maintenance_info } = call
  const { originatingIdentity, principal } = details
  return { plan_id, parameters, context, maintenance_info, originatingIdentity, principal }
}

export function bindingRequestOf(call: BindCall, details: AskerDetails): BindingRequest {
  const { parameters, context, app_guid, bind_resource, predecessor_binding_id } = call
  const { originatingIdentity, principal } = details
  return {
    parameters,
    context,
    app_guid: app_guid ?? bind_resource?.app_guid,
    bind_resource,
    predecessor_binding_id,
    originatingIdentity,
    principal,
  }
}

/**
 * Whether two provision requests of one plan ask for the same (PROV-12, PROV-19, T05), their parameters apart: the
 * place counts, names, annotations and `clusterid` may change over time (CFC-09, K8C-04) and do not.
 */
export function samePlace(a: InstanceRequest, b: InstanceRequest): boolean {
  return equalJson(placeOf(a), placeOf(b))
}

function placeOf({
  context,
  organization_guid,
  space_guid,
}: Pick<InstanceRequest, 'context' | 'organization_guid' | 'space_guid'>): JsonObject {
  return {
    organization: organization_guid ?? context?.['organization_guid'],
    space: space_guid ?? context?.['space_guid'],
    namespace: context?.['namespace'],
  }
}

/** Whether two bind requests ask for the same (BIND-22, BIND-30), their parameters apart. Annotations may change. */
export function sameBinding(a: BindingRequest, b: BindingRequest): boolean {
  return equalJson(bindingIdentity(a), bindingIdentity(b))
}

function bindingIdentity({ app_guid, bind_resource, predecessor_binding_id }: BindingRequest): JsonObject {
  const { app_annotations: _annotations, app_guid: _appGuid, ...resource } = bind_resource ?? {}
  return { app_guid, resource, predecessor_binding_id }
}

/**
 * Whether an update request asks for the same as the one that runs, their parameters apart. The context counts as a
 * whole where the offering takes updates of it, else only the place that it names, as in a provision.
 * @param plan_id the plan of the instance, which an update may name or leave out
 */
export function sameUpdate(
  a: UpdateRequestKept,
  b: UpdateRequestKept,
  { plan_id, takesContext }: { readonly plan_id: string; readonly takesContext: boolean },
): boolean {
  const what = (request: UpdateRequestKept): JsonObject => ({
    plan_id: request.plan_id ?? plan_id,
    hasParameters: request.parameters !== undefined,
    context: takesContext ? request.context : placeOf(request),
    version: request.maintenance_info?.version,
  })
  return equalJson(what(a), what(b))
}
