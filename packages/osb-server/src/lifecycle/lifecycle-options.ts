import type { BrokerStore } from '../stores/broker-store.js'
import type { OnBindingDue } from './due-bindings.js'

/** How the lifecycle storey works; every time is in milliseconds and has a default. */
export interface LifecycleOptions {
  readonly store: BrokerStore
  /** How long a call with `accepts_incomplete=true` is waited for before it is answered 202. Default 1,000. */
  readonly syncWindowMs?: number | undefined
  /**
   * How long any other call is waited for. Default 55,000, since Cloud Controller gives up after 60 seconds. Then
   * creates and updates are halted and answered 500; deletes go on, and a repeat joins them.
   */
  readonly syncTimeoutMs?: number | undefined
  /** After which another process takes over from one that has died. Default 30,000. */
  readonly leaseMs?: number | undefined
  /** Between renewals of a lease, and between looks for work to take over. At most a third of `leaseMs`. Default 5,000. */
  readonly heartbeatMs?: number | undefined
  /** Author functions running at the same time in this process; the rest wait as `in progress`. Default 100. */
  readonly maximumRunningOperations?: number | undefined
  /** How long `close` waits for running operations before it halts them. Default 10,000. */
  readonly drainMs?: number | undefined
  /**
   * How long polls of an ended delete are answered `succeeded`, and 410 after that (A4, A24). Default 86,400,000: a day.
   */
  readonly retentionMs?: number | undefined
  /**
   * Called when the `renew_before` of a binding has come, unless a rotation has replaced it: once, by one of the broker's
   * processes; again at the next look if it fails. Default: nobody looks.
   */
  readonly onBindingDue?: OnBindingDue | undefined
  /** Between looks through all bindings for those that are due. Default 3,600,000: an hour. */
  readonly dueIntervalMs?: number | undefined
}

type Required = Omit<LifecycleOptions, 'onBindingDue'>
export type LifecycleSettings = Pick<LifecycleOptions, 'onBindingDue'> & {
  readonly [Name in keyof Required]-?: NonNullable<Required[Name]>
}

/**
 * The options with their defaults.
 * @throws {TypeError} when one of them is no number of the range that it can have
 */
export function lifecycleSettings(options: LifecycleOptions): LifecycleSettings {
  const leaseMs = number(options, 'leaseMs', 30_000, 1)
  return {
    store: options.store,
    syncWindowMs: number(options, 'syncWindowMs', 1_000, 0),
    syncTimeoutMs: number(options, 'syncTimeoutMs', 55_000, 1),
    leaseMs,
    heartbeatMs: number(options, 'heartbeatMs', Math.min(5_000, leaseMs / 3), 1, leaseMs / 3),
    maximumRunningOperations: number(options, 'maximumRunningOperations', 100, 1),
    drainMs: number(options, 'drainMs', 10_000, 0),
    retentionMs: number(options, 'retentionMs', 86_400_000, 0),
    onBindingDue: options.onBindingDue,
    dueIntervalMs: number(options, 'dueIntervalMs', 3_600_000, 1, 2 ** 31 - 1),
  }
}

function number(
  options: LifecycleOptions,
  name: Exclude<keyof Required, 'store'>,
  byDefault: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = options[name] ?? byDefault
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new TypeError(
    `createBroker: ${name} must be a number from ${least} to ${Math.floor(most)}, not ${String(value)}`,
  )
}
