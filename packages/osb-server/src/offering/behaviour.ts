/** How the library treats the operations of an offering. Each setting has a default. */
export interface OfferingBehaviour<StoresCredentials extends boolean | undefined = boolean | undefined> {
  /** Whether it can be bound to applications only: a bind without `app_guid` is answered 422 (BIND-31). Default `false`. */
  readonly requiresApp?: boolean
  /** `'always'`: its operations are refused with `AsyncRequired` unless the platform takes 202 (SYN-11). */
  readonly async?: 'always'
  /** Seconds that an operation usually takes; becomes `Retry-After` of polls (LOI-24). Default: none sent. */
  readonly expectedDurationSeconds?: number
  /**
   * What becomes of an operation whose process has died, or had to halt it at a shutdown. `'repeat'`, the default: the
   * function is called again, `attempt` counts. `'fail'`: the operation ends as failed, and the platform decides.
   */
  readonly onCrash?: 'repeat' | 'fail'
  /** How often a function may be begun for one operation, which then ends as failed. Default 10. */
  readonly maximumAttempts?: number
  /** `true`: bindings of one instance are made and deleted one at a time, others are refused. Default `false`. */
  readonly serialBindings?: boolean
  /**
   * What becomes of an instance that is deleted although it has bindings (A2). `'remove'`, the default: they go with it.
   * `'refuse'`: 422 until they are deleted.
   */
  readonly deprovisionWithBindings?: 'remove' | 'refuse'
  /**
   * What a fetch of an instance says while an update runs (GETI-10). `'before'`, the default: the instance as it was.
   * `'refuse'`: 422 `ConcurrencyError`.
   */
  readonly fetchDuringUpdate?: 'before' | 'refuse'
  /** Whether instances can be fetched (GETI-01). Default `true`. */
  readonly instances_retrievable?: boolean
  /** Whether bindings can be fetched (GETB-01); if not, binds are never answered 202. Default `true`. */
  readonly bindings_retrievable?: boolean
  /**
   * `false`: of what `bind` returns only `state` and `metadata` are stored; `readBinding` gives the rest to repeats and
   * fetches. Default `true`: all of it is stored, encrypted by stores that encrypt.
   */
  readonly storesCredentials?: StoresCredentials
}

/** The default of `maximumAttempts`. */
export const defaultMaximumAttempts = 10
