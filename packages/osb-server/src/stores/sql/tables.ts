import type { OperationRecord, ResourceStatus } from '../broker-store.js'

/** One instance or binding. Texts are escaped (`escapeText`), secrets encrypted, so that no database alters them. */
export interface ResourceRow {
  readonly tenant: string
  readonly instance_id: string
  /** Empty for the instance itself, so before those of its bindings. */
  readonly binding_id: string
  /** The key as JSON where one of its parts is too long to be indexed as it is. */
  readonly long_key: string | null
  readonly version: number
  readonly service_id: string
  readonly plan_id: string
  readonly status: ResourceStatus
  readonly operation_state: OperationRecord['state']
  readonly operation_ended_at_ms: number | null
  /** The rest of the operation, as JSON. */
  readonly operation: string
  readonly lease_owner: string | null
  readonly lease_token: number
  /** By the database's clock. Of an operation that nobody has a lease on: since when. */
  readonly lease_ends_at_ms: number
  readonly request: string
  readonly answer: string
  readonly state: string | null
  readonly operation_request: string
  readonly checkpoint: string | null
}

export interface Tables {
  readonly osb_resources: ResourceRow
  /** The names of the keys that values may be encrypted with. */
  readonly osb_keys: { readonly key_id: string }
  /** The migrations that ran. */
  readonly osb_schema: { readonly version: number }
}
