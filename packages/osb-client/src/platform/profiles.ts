import type { BindCall, JsonObject, OriginatingIdentity, ProvisionCall, ServicePlan, UpdateCall } from 'osb-protocol'
import type { PollingOptions } from '../polling/polling-options.js'
import { cloudFoundryBindContext, cloudFoundryContext, cloudFoundryIdentity } from '../platforms/cloud-foundry.js'
import { kubernetesBindContext, kubernetesContext, kubernetesIdentity } from '../platforms/kubernetes.js'
import { spaceOf } from './spaces.js'
import type { AppRecord, BindingRecord, ManagedInstance, PlatformState } from './state.js'

/** Whose requests the platform sends: those of Cloud Controller, or those of the service catalog of Kubernetes. */
export type PlatformProfile = 'cf' | 'kubernetes'

/** What a request is made of. */
export interface Subject {
  readonly state: PlatformState
  readonly instance: ManagedInstance
  readonly plan: Pick<ServicePlan, 'maintenance_info'> | undefined
  readonly parameters: JsonObject | undefined
}

export interface BindSubject extends Subject {
  readonly binding: BindingRecord
  readonly app: AppRecord | undefined
}

/** How one platform asks: its version, who asks, and the bodies. */
export interface RequestProfile {
  readonly apiVersion: string
  /** How it polls; a laptop is quicker (`quickPolling`). */
  readonly polling: PollingOptions
  identity(state: PlatformState): OriginatingIdentity
  provision(subject: Subject): ProvisionCall
  update(subject: Subject & { readonly previous: ManagedInstance }): UpdateCall
  bind(subject: BindSubject): BindCall
}

const weekMs = 7 * 86_400_000

/** As often as somebody who waits wants to know; `Retry-After` goes before it. */
export const quickPolling: PollingOptions = { startIntervalMs: 500, maxIntervalMs: 10_000, maximumPollingMs: weekMs }

const cloudFoundry: RequestProfile = {
  apiVersion: '2.15',
  polling: { startIntervalMs: 60_000, maxIntervalMs: 60_000, maxRetryAfterMs: 86_400_000, maximumPollingMs: weekMs },
  identity: ({ user }) => cloudFoundryIdentity({ user_id: user.guid }),
  provision: (subject) => {
    const place = placeOf(subject)
    const { organization_guid, space_guid } = place
    const context = cloudFoundryContext({ ...place, instance_name: subject.instance.name, instance_annotations: {} })
    return { ...idsOf(subject.instance), organization_guid, space_guid, context, ...extrasOf(subject) }
  },
  update: (subject) => {
    const { previous, instance } = subject
    const place = placeOf(subject)
    const context = cloudFoundryContext({ ...place, instance_name: instance.name })
    const { organization_guid: organization_id, space_guid: space_id } = place
    const was = { plan_id: previous.plan_id, service_id: previous.service_id, organization_id, space_id }
    const previous_values = { ...was, ...maintenanceOf(previous.maintenance_info) }
    return { ...idsOf(instance), context, previous_values, ...extrasOf(subject) }
  },
  bind: (subject) => {
    const { instance, binding, app, parameters } = subject
    const place = placeOf(subject)
    const context = cloudFoundryBindContext(place)
    const resource = app
      ? { app_guid: app.guid, bind_resource: { app_guid: app.guid, space_guid: place.space_guid } }
      : { bind_resource: {} }
    return { ...idsOf(instance), binding_id: binding.guid, ...resource, context, ...given(parameters) }
  },
}

const kubernetes: RequestProfile = {
  apiVersion: '2.14',
  polling: { startIntervalMs: 1_000, maxIntervalMs: 1_200_000, maximumPollingMs: weekMs },
  identity: ({ user }) => kubernetesIdentity({ username: user.name, uid: user.guid, groups: [], extra: {} }),
  provision: (subject) => {
    const { namespace, clusterid, space_guid } = namespaceOf(subject)
    const context = kubernetesContext({ namespace, clusterid, instance_name: subject.instance.name })
    return { ...idsOf(subject.instance), organization_guid: clusterid, space_guid, context, ...extrasOf(subject) }
  },
  update: (subject) => {
    const { previous, instance } = subject
    const { namespace, clusterid } = namespaceOf(subject)
    const context = kubernetesContext({ namespace, clusterid, instance_name: instance.name })
    const previous_values = { plan_id: previous.plan_id }
    return { ...idsOf(instance), context, previous_values, ...extrasOf(subject) }
  },
  bind: (subject) => {
    const { instance, binding, app, parameters } = subject
    const { namespace, clusterid } = namespaceOf(subject)
    const context = kubernetesBindContext({ namespace, clusterid })
    const resource = app ? { bind_resource: { app_guid: app.guid } } : {}
    return { ...idsOf(instance), binding_id: binding.guid, ...resource, context, ...given(parameters) }
  },
}

/** The requests of each platform, as its source has them (API version, context, fields of the bodies). */
export const requestProfiles: Readonly<Record<PlatformProfile, RequestProfile>> = { cf: cloudFoundry, kubernetes }

const idsOf = ({ guid, service_id, plan_id }: ManagedInstance) => ({ instance_id: guid, service_id, plan_id })

function extrasOf({ plan, parameters }: Subject) {
  return { ...given(parameters), ...maintenanceOf(plan?.maintenance_info) }
}

function maintenanceOf(info: { readonly version?: unknown } | null | undefined) {
  return typeof info?.version === 'string' ? { maintenance_info: { version: info.version } } : {}
}

/** Empty parameters are left out. */
function given(parameters: JsonObject | undefined) {
  return parameters && Object.keys(parameters).length > 0 ? { parameters } : {}
}

function placeOf({ state, instance }: Subject) {
  const { space, organization } = spaceOf(state, instance.space_guid)
  return {
    organization_guid: organization.guid,
    organization_name: organization.name,
    space_guid: space.guid,
    space_name: space.name,
    organization_annotations: {},
    space_annotations: {},
  }
}

function namespaceOf({ state, instance }: Subject) {
  const { space } = spaceOf(state, instance.space_guid)
  return { namespace: space.name, clusterid: state.clusterid, space_guid: space.guid }
}
