import { positive } from '../positive.js'

/** How often and how long to poll. All times are in milliseconds. */
export interface PollingOptions {
  /**
   * Before the first poll, and least between two polls. The interval then grows by half from poll to poll.
   * @default 1_000
   */
  readonly startIntervalMs?: number | undefined
  /**
   * Most between two polls, unless the broker asks for more with `Retry-After`.
   * @default 30_000
   */
  readonly maxIntervalMs?: number | undefined
  /**
   * The longest `Retry-After` that is obeyed (LOI-25); a longer one is cut to this.
   * @default 600_000
   */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * When to give up, counted from the 202; the operation then counts as failed (POL-05). Give
   * `maximum_polling_duration * 1000` of the plan here when it has one (POL-03, CAT-40). The last poll comes at this
   * very time.
   * @default 3_600_000
   */
  readonly maximumPollingMs?: number | undefined
}

/** The options with their defaults. */
export type PollingSettings = { readonly [Name in keyof PollingOptions]-?: number }

/**
 * Puts the defaults below the options of the client, and these below the options of one call.
 * @throws {TypeError} when a time is not positive
 */
export function pollingSettings(...options: readonly (PollingOptions | undefined)[]): PollingSettings {
  const chosen = (name: keyof PollingOptions, byDefault: number): number =>
    positive(
      name,
      options.map((given) => given?.[name]).findLast((value) => value !== undefined),
      byDefault,
    )
  return {
    startIntervalMs: chosen('startIntervalMs', 1_000),
    maxIntervalMs: chosen('maxIntervalMs', 30_000),
    maxRetryAfterMs: chosen('maxRetryAfterMs', 600_000),
    maximumPollingMs: chosen('maximumPollingMs', 3_600_000),
  }
}

const growth = 1.5

/** Milliseconds until the next poll; what the broker asked for goes before our own interval (LOI-25, T22). */
export function pollDelayMs(
  polls: number,
  retryAfterSeconds: number | undefined,
  { startIntervalMs, maxIntervalMs, maxRetryAfterMs }: PollingSettings,
): number {
  const wanted =
    retryAfterSeconds === undefined
      ? Math.min(startIntervalMs * growth ** polls, maxIntervalMs)
      : Math.min(retryAfterSeconds * 1000, maxRetryAfterMs)
  return Math.max(wanted, startIntervalMs)
}
