/** Bounds of one call. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the call rejects with `TIMEOUT`. Default: what suits the call, 30 s for most. */
  readonly timeoutMs?: number | undefined
}
