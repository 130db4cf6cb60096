import type { JsonObject } from 'osb-protocol'
import type { OsbErrorCode } from '../errors.js'
import type { MaybePromise } from '../is-promise.js'

/** Names one record. Without `binding_id` it is the instance's, with it one of its bindings'. */
export interface ResourceKey {
  /** The empty string where the broker has no tenants. Another tenant's resources do not exist. */
  readonly tenant: string
  readonly instance_id: string
  readonly binding_id?: string | undefined
}

/**
 * Where a resource is in its life:
 * - `creating`: its first operation has not ended; a fetch finds nothing (GETI-09)
 * - `live`: it can be used, whatever operation may be running or have failed on it
 * - `create-failed`: nothing to use, but maybe something to delete; a new create may start
 * - `deleted`: gone; kept for a while so that polls of the delete can be answered (LOI-28)
 */
export type ResourceStatus = 'creating' | 'live' | 'create-failed' | 'deleted'

export type OperationKind = 'create' | 'update' | 'delete'

/** What polls are told of an operation. */
export interface OperationOutcome {
  /** The `operation` text that platforms poll with. */
  readonly id: string
  readonly state: 'in progress' | 'succeeded' | 'failed'
  /** What `last_operation` says: progress while it runs, the reason when it failed. */
  readonly description?: string | undefined
  /** Of an operation in progress: what is to be said if it fails. */
  readonly instance_usable?: boolean | undefined
  readonly update_repeatable?: boolean | undefined
}

/** The running or the last operation of a resource; one at a time. */
export interface OperationRecord extends OperationOutcome {
  readonly kind: OperationKind
  /** What the author refused a failed operation with, for calls that wait for it in another process. */
  readonly failure?: { readonly status: number; readonly code: OsbErrorCode } | undefined
  /** How the operation before this one came out, for polls that come late (T23). */
  readonly previous?: OperationOutcome | undefined
  /** On an update or a delete: the `id` of the create of the resource, for polls that come later still (LOB-08). */
  readonly createdBy?: string | undefined
  /** On a live binding: the `renew_before` that `onBindingDue` was called for. */
  readonly dueTold?: string | undefined
  /** How often the author's function was begun. */
  readonly attempt: number
  /** On a create that a delete has overtaken (DEP-03): the `id` of that delete, which begins when the create ends. */
  readonly overtakenBy?: string | undefined
  /** Milliseconds since 1970, by the broker's clock. */
  readonly startedAtMs: number
  /** When the operation counts as failed (POL-02); undefined: never by itself. */
  readonly deadlineAtMs?: number | undefined
  readonly endedAtMs?: number | undefined
}

/** The parts of a record that are encrypted at rest. Each is a JSON value. */
export interface ResourceSecrets {
  /** The request that describes the resource as it is now; repeats are compared with it. */
  readonly request: JsonObject
  /** What the platform was, or would be, answered: `dashboard_url`, `credentials` … */
  readonly answer: JsonObject
  /** The author's private state. */
  readonly state?: unknown
  /** The request of the running or last operation. */
  readonly operationRequest: JsonObject
  /** What the author stored with `checkpoint` in the running operation. */
  readonly checkpoint?: unknown
}

/** All that is known of one service instance or binding. */
export interface ResourceContent {
  readonly service_id: string
  readonly plan_id: string
  readonly status: ResourceStatus
  readonly operation: OperationRecord
  readonly secrets: ResourceSecrets
}

/** Who works on the running operation. `token` grows by one with each new holder and never falls. */
export interface Lease {
  readonly owner: string
  readonly token: number
}

export interface ResourceRecord extends ResourceContent {
  readonly key: ResourceKey
  /** Grows with each write and touch; what compare-and-set compares. Renewing a lease leaves it as it is. */
  readonly version: number
  /** Present while an operation is being worked on. */
  readonly lease?: Lease | undefined
}

/** What one look finds: enough to decide about any call. */
export interface StoredResources {
  readonly instance?: ResourceRecord | undefined
  /** The binding asked for; undefined for keys without `binding_id`. */
  readonly binding?: ResourceRecord | undefined
  /** Whether an operation of any binding of the instance is in progress. */
  readonly bindingsBusy: boolean
}

/** One compare-and-set write. Either all of it happens or none. */
export interface ResourceWrite {
  readonly key: ResourceKey
  /** The version that the record must still have; `absent`: there must be no record. */
  readonly expected: number | 'absent'
  readonly content: ResourceContent
  /**
   * `keep` leaves the lease as it is, `release` ends it, an owner takes it: the store adds 1 to the token and sets the
   * end to now + `ttlMs` by its own clock.
   */
  readonly lease: 'keep' | 'release' | { readonly owner: string; readonly ttlMs: number }
  /**
   * For a binding: the version that its instance must still have. The instance's version grows with it, so that an
   * operation of the whole instance that was decided meanwhile finds its own write refused.
   */
  readonly instanceVersion?: number | undefined
  /** For an instance: remove all its bindings' records with this write. */
  readonly removeBindings?: boolean | undefined
}

/** Told of a record that is there and cannot be read, such as one that was changed behind the store's back. */
export type OnUnreadable = (error: unknown) => void

/** Filters and bounds of a listing. */
export interface ListOptions {
  /** Only this tenant's; absent: all. */
  readonly tenant?: string | undefined
  /** Only the bindings of this instance (needs `tenant`); absent: instances and bindings of all. */
  readonly instance_id?: string | undefined
  /** Only the one or the other; absent: both. */
  readonly only?: 'instances' | 'bindings' | undefined
  /** Only records whose operation is in progress. */
  readonly inProgress?: boolean | undefined
  /** At most so many; 100 unless told, 1,000 at most. */
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
  /** Records that cannot be read are reported here and left out of the page. Absent: the listing is refused. */
  readonly onUnreadable?: OnUnreadable | undefined
}

export interface RecordPage {
  readonly records: readonly ResourceRecord[]
  /** Give it as `after` to go on; undefined on the last page. */
  readonly next?: string | undefined
}

/**
 * Where a broker keeps its service instances and bindings. Every method is atomic and may be called by several
 * processes at once unless the store says otherwise. `storeContract` of `osb-server/testing` is its test.
 */
export interface BrokerStore {
  /**
   * Finds the instance, and the binding if the key has one, in one look. This and `write` are part of every call; a store
   * that has its records at hand answers without a promise, and nothing waits then.
   */
  read(key: ResourceKey): MaybePromise<StoredResources>
  /** Writes one record if nobody was faster. @returns the record as it now is, or undefined if somebody was */
  write(write: ResourceWrite): MaybePromise<ResourceRecord | undefined>
  /** Prolongs a lease to now + `ttlMs`. @returns false if the lease is no longer held with this token */
  renewLease(key: ResourceKey, token: number, ttlMs: number): Promise<boolean>
  /**
   * Takes over operations in progress whose lease has lapsed, or that nobody has a lease on: at most `limit`, those first
   * that have waited longest. New owner, token + 1, version + 1. One whose record cannot be read is claimed, too, so that
   * it does not stand before the others, but only reported.
   */
  claimLapsed(
    owner: string,
    ttlMs: number,
    limit: number,
    onUnreadable?: OnUnreadable,
  ): Promise<readonly ResourceRecord[]>
  /**
   * Ends a lease early so that another process can claim the operation at once; version + 1, so that the old holder
   * writes no more. No effect if it is no longer held.
   */
  releaseLease(key: ResourceKey, token: number): Promise<void>
  /** Records in an order that stays while paging. */
  list(options?: ListOptions): Promise<RecordPage>
  /** Removes records of deleted resources whose delete ended before this time. @returns how many */
  purgeDeleted(endedBeforeMs: number, limit: number): Promise<number>
  /** Lets go of files and connections. Calls made later are refused with an error. */
  close(): Promise<void>
}
