import type { Catalog, JsonObject } from 'osb-protocol'
import type { ProcessMark } from './process-mark.js'

/** All that the platform keeps. */
export interface PlatformState {
  readonly version: 1
  /** Who asks for everything here: the originating identity. */
  user: { readonly guid: string; readonly name: string }
  /** Of the profile `kubernetes`. */
  readonly clusterid: string
  organizations: Named[]
  spaces: (Named & { readonly organization_guid: string })[]
  target: { readonly organization_guid: string; readonly space_guid: string }
  brokers: BrokerRecord[]
  instances: InstanceRecord[]
  bindings: BindingRecord[]
  apps: AppRecord[]
  /** Runs that are to leave nothing behind and are not over. */
  runs: RunRecord[]
}

export interface Named {
  readonly guid: string
  name: string
}

/** Who may order a plan: everyone, or the named organizations. */
export interface PlanAccess {
  everyone: boolean
  organization_guids: string[]
}

export interface BrokerRecord extends Named {
  url: string
  username: string | null
  /** Null for a broker that was given by flags: its login is not kept. */
  password: string | null
  /** PEM of the authority. */
  ca: string | null
  skipsTlsValidation: boolean
  /** `false`: given by flags or `OSB_URL`, and here only because instances need it. */
  readonly isRegistered: boolean
  /** As the broker sent it last. */
  catalog: Catalog
  /** By plan id; a plan that is not in here nobody may order. */
  access: Record<string, PlanAccess>
}

/** What was done last to an instance or binding, as Cloud Controller tells it. */
export interface LastOperationRecord {
  /** Of this one operation, so that its end is not taken for that of the next. */
  readonly id: string
  readonly type: 'create' | 'update' | 'delete'
  state: 'in progress' | 'succeeded' | 'failed'
  description: string | null
  created_at: string
  updated_at: string
  /** While it is in progress and the broker has answered 202: what to poll with. */
  accepted?: { readonly operation: string | null } | undefined
  /** While it is in progress: whose it is. */
  process?: ProcessMark | undefined
  /** Of a failed create: the broker may still have what it made, as the delete after it has failed, too. */
  orphan?: true | undefined
  /** Of an update: what the instance has once it has succeeded. */
  change?: InstanceChange | undefined
}

export interface InstanceChange {
  readonly plan_id?: string | undefined
  readonly maintenance_info?: JsonObject | undefined
  readonly name?: string | undefined
}

interface AnyInstance extends Named {
  readonly space_guid: string
  tags: string[]
  created_at: string
  last_operation: LastOperationRecord
}

export interface ManagedInstance extends AnyInstance {
  readonly type: 'managed'
  readonly broker_guid: string
  readonly service_id: string
  plan_id: string
  /** For when the catalog has them no more. */
  readonly offering_name: string
  plan_name: string
  dashboard_url: string | null
  maintenance_info: JsonObject | null
  /** The run that made it, and takes it away. */
  readonly run_guid?: string | undefined
}

export interface UserProvidedInstance extends AnyInstance {
  readonly type: 'user-provided'
  credentials: JsonObject
  syslog_drain_url: string | null
  route_service_url: string | null
}

export type InstanceRecord = ManagedInstance | UserProvidedInstance

/** A binding of an app (`app`), or one that belongs to no app (`key`). */
export interface BindingRecord {
  readonly guid: string
  readonly type: 'app' | 'key'
  readonly name: string | null
  readonly instance_guid: string
  /** Of an app's. */
  readonly app_guid: string | null
  readonly created_at: string
  last_operation: LastOperationRecord
  /** What the broker gave. */
  credentials: JsonObject | null
  syslog_drain_url: string | null
  volume_mounts: readonly JsonObject[]
  /** `metadata.expires_at` and `renew_before` of the broker. */
  metadata: JsonObject | null
  readonly run_guid?: string | undefined
}

export interface AppRecord extends Named {
  readonly space_guid: string
  readonly created_at: string
}

export interface RunRecord {
  readonly guid: string
  readonly app_name: string
  /** Whether the app exists for the run's sake only. */
  readonly madeApp: boolean
  /** Whether it has ended without having taken all away, so that a clean-up has to. */
  isOver?: boolean
  readonly process: ProcessMark
}

/** The state of a platform that nobody has used yet. */
export function emptyState(): PlatformState {
  const organization = { guid: crypto.randomUUID(), name: 'local-org' }
  const space = { guid: crypto.randomUUID(), name: 'local-space', organization_guid: organization.guid }
  return {
    version: 1,
    user: { guid: crypto.randomUUID(), name: 'admin' },
    clusterid: crypto.randomUUID(),
    organizations: [organization],
    spaces: [space],
    target: { organization_guid: organization.guid, space_guid: space.guid },
    brokers: [],
    instances: [],
    bindings: [],
    apps: [],
    runs: [],
  }
}
