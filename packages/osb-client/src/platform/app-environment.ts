import { createHash } from 'node:crypto'
import { composeVcapServices, type ComposedService, type ManagedBinding, type UserProvidedBinding } from 'vcap-services'
import { planById } from './find.js'
import { instanceIn } from './operations.js'
import type { AppRecord, BindingRecord, InstanceRecord, PlatformState } from './state.js'
import { spaceOf } from './spaces.js'

/** `VCAP_SERVICES` as an object. */
export type ComposedServices = Record<string, ComposedService[]>

/** The services of an app, as Cloud Controller composes them; of several bindings of an instance, the newest. */
export function composeServices(state: PlatformState, app: AppRecord): ComposedServices {
  return composeVcapServices(
    state.bindings
      .filter(({ app_guid, last_operation }) => app_guid === app.guid && hasSucceeded(last_operation))
      .flatMap((binding) => {
        const instance = instanceIn(state, binding.instance_guid)
        return instance ? [boundOf(state, instance, binding)] : []
      }),
  )
}

/** A binding whose delete is under way, or has failed, is still the app's. */
function hasSucceeded({ type, state }: BindingRecord['last_operation']): boolean {
  return type === 'delete' || state === 'succeeded'
}

function boundOf(
  state: PlatformState,
  instance: InstanceRecord,
  binding: BindingRecord,
): ManagedBinding | UserProvidedBinding {
  const { syslog_drain_url, volume_mounts } = binding
  const names = { instance_guid: instance.guid, instance_name: instance.name, tags: instance.tags }
  const common = { ...names, binding_guid: binding.guid, binding_name: binding.name }
  if (instance.type === 'user-provided')
    return { ...common, credentials: instance.credentials, syslog_drain_url: instance.syslog_drain_url }
  const catalog = state.brokers.find(({ guid }) => guid === instance.broker_guid)?.catalog
  const tags = catalog && planById(catalog, instance.plan_id)?.offering.tags
  const offering = { name: instance.offering_name, tags }
  const given = { credentials: binding.credentials ?? {}, syslog_drain_url, volume_mounts }
  return { ...common, offering, plan: { name: instance.plan_name }, ...given }
}

/** `VCAP_APPLICATION` as an object, with the fields that Cloud Controller gives to a running process. */
export function composeApplication(state: PlatformState, app: AppRecord): Readonly<Record<string, unknown>> {
  const { space, organization } = spaceOf(state, app.space_guid)
  return {
    application_id: app.guid,
    application_name: app.name,
    application_uris: [],
    limits: { fds: 16_384, mem: 1_024, disk: 1_024 },
    name: app.name,
    organization_id: organization.guid,
    organization_name: organization.name,
    process_id: app.guid,
    process_type: 'web',
    space_id: space.guid,
    space_name: space.name,
    uris: [],
    users: null,
    version: versionOf(app),
    application_version: versionOf(app),
  }
}

/** A guid that stays the same as long as the app does: nothing is pushed here that could have versions. */
function versionOf({ guid }: AppRecord): string {
  const hex = createHash('sha256').update(guid).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** The variables by which an app finds its services, where they are given as variables. */
export function composeVariables(state: PlatformState, app: AppRecord): Record<string, string> {
  return {
    VCAP_APPLICATION: JSON.stringify(composeApplication(state, app)),
    VCAP_SERVICES: JSON.stringify(composeServices(state, app)),
  }
}

/** What else Cloud Foundry tells a process of itself. Port 8080 is what a container gets. */
export function processVariables({ guid }: AppRecord, port = 8_080): Record<string, string> {
  return {
    CF_INSTANCE_ADDR: `127.0.0.1:${port}`,
    CF_INSTANCE_GUID: guid,
    CF_INSTANCE_INDEX: '0',
    CF_INSTANCE_IP: '127.0.0.1',
    CF_INSTANCE_INTERNAL_IP: '127.0.0.1',
    CF_INSTANCE_PORT: String(port),
    CF_INSTANCE_PORTS: JSON.stringify([{ external: port, internal: port }]),
    INSTANCE_GUID: guid,
    INSTANCE_INDEX: '0',
    MEMORY_LIMIT: '1024m',
    PORT: String(port),
    VCAP_APP_HOST: '0.0.0.0',
    VCAP_APP_PORT: String(port),
  }
}
