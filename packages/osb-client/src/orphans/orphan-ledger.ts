/**
 * What is known of a resource that this platform asked a broker to create.
 *
 * - `creating`: the request is about to be sent, or the platform died before the answer was known. It may be there.
 * - `pending`: the broker works on it (202); `operation` is what to poll with.
 * - `created`: it is there, and the caller has been told.
 * - `rejected`: the broker did not create it.
 * - `orphan`: it may be there and nobody wants it; delete it.
 * - `deleted`: the broker has said that it is gone.
 */
export type LedgerState = 'creating' | 'pending' | 'created' | 'rejected' | 'orphan' | 'deleted'

/** One line of a ledger: enough to delete the resource, or to go on polling, without anything else. */
export interface LedgerEntry {
  readonly state: LedgerState
  /** Where the broker is, with its path prefix. */
  readonly broker: string
  readonly target: 'instance' | 'binding'
  readonly instance_id: string
  readonly binding_id?: string | undefined
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
  /** `operation` of the 202, while `pending`. */
  readonly operation?: string | undefined
  /** Of the request that created it. */
  readonly requestIdentity: string
}

/**
 * Where a platform writes what it is about to create, so that after a crash it knows what may be an orphan (ORPH-01).
 * Each write replaces what was known of the same broker, instance and binding.
 */
export interface OrphanLedger {
  /**
   * Keeps one entry. With `creating` it is called before the request is sent, which waits for the promise: return once
   * the entry would survive a crash. A rejection rejects the call; before the request nothing was then sent.
   */
  write(entry: LedgerEntry): void | Promise<void>
}
