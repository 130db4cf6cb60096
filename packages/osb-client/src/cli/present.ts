import { bindingsOf } from '../platform/find.js'
import type {
  AppRecord,
  BindingRecord,
  BrokerRecord,
  InstanceRecord,
  LastOperationRecord,
  PlatformState,
} from '../platform/state.js'
import { targetOf } from '../platform/spaces.js'
import { isUpgradeAvailable } from '../platform/update-instance.js'
import { maskSecrets } from './mask.js'

/** The last operation, as `--json` shows it. */
function presentOperation({ type, state, description, created_at, updated_at }: LastOperationRecord) {
  return { type, state, description, created_at, updated_at }
}

/** An instance, as `--json` shows it; no secrets. */
export function presentInstance(state: PlatformState, instance: InstanceRecord) {
  const isManaged = instance.type === 'managed'
  return {
    guid: instance.guid,
    name: instance.name,
    type: instance.type,
    offering: isManaged ? instance.offering_name : null,
    plan: isManaged ? instance.plan_name : null,
    broker: isManaged ? (state.brokers.find(({ guid }) => guid === instance.broker_guid)?.name ?? null) : null,
    tags: instance.tags,
    dashboard_url: isManaged ? instance.dashboard_url : null,
    bound_apps: boundApps(state, instance),
    upgrade_available: isManaged && isUpgradeAvailable(state, instance),
    created_at: instance.created_at,
    last_operation: presentOperation(instance.last_operation),
  }
}

/** The names of the apps that are bound to an instance. */
function boundApps(state: PlatformState, instance: InstanceRecord): string[] {
  const guids = new Set(bindingsOf(state, instance).map(({ app_guid }) => app_guid))
  return state.apps.filter(({ guid }) => guids.has(guid)).map(({ name }) => name)
}

/** A binding, as `--json` shows it. */
export function presentBinding(state: PlatformState, binding: BindingRecord, showsSecrets: boolean) {
  const shown = showsSecrets ? (value: unknown) => value : maskSecrets
  return {
    guid: binding.guid,
    type: binding.type,
    name: binding.name,
    app: state.apps.find(({ guid }) => guid === binding.app_guid)?.name ?? null,
    instance: state.instances.find(({ guid }) => guid === binding.instance_guid)?.name ?? null,
    created_at: binding.created_at,
    last_operation: presentOperation(binding.last_operation),
    credentials: shown(binding.credentials),
    metadata: binding.metadata,
  }
}

/** A broker, as `--json` shows it; no secrets. */
export function presentBroker({ guid, name, url, username, isRegistered, catalog }: BrokerRecord) {
  const offerings = catalog.services.map((offering) => offering.name)
  return { guid, name, url, username, registered: isRegistered, offerings }
}

/** An app, as `--json` shows it. */
export function presentApp(state: PlatformState, { guid, name, created_at }: AppRecord) {
  const own = new Set(state.bindings.filter(({ app_guid }) => app_guid === guid).map((each) => each.instance_guid))
  const instances = state.instances.filter((each) => own.has(each.guid)).map((each) => each.name)
  return { guid, name, created_at, instances }
}

/** Where somebody works: `org a / space b as c`, as `cf` says it. */
export function whereIn(state: PlatformState): string {
  const { organization, space } = targetOf(state)
  return `org ${organization.name} / space ${space.name} as ${state.user.name}`
}

/** `create succeeded`, as `cf` says it. */
export function operationText({ type, state }: LastOperationRecord): string {
  return `${type} ${state}`
}

/** The end of an action in the words of `cf`. */
export function doneText(message?: string): string {
  return message === undefined ? 'OK\n' : `${message}\nOK\n`
}
