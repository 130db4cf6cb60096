import { AsyncLocalStorage } from 'node:async_hooks'

/** Whose timers they are: those of a broker process, and of the request that is being answered. */
export interface Origin {
  readonly process: object
  readonly request?: number
}

/** The times that a broker is given, so that its timers can be told apart by how long they are. */
export const times = {
  syncWindowMs: 987_001,
  syncTimeoutMs: 987_002,
  drainMs: 987_003,
  heartbeatMs: 987_004,
  leaseMs: 3_600_000,
  /** `maximum_polling_duration`; the timer is shorter by what has passed since the operation began. */
  pollingSeconds: 986,
} as const

export type TimerKind = 'window' | 'timeout' | 'drain' | 'deadline' | 'grace' | 'look' | 'beat' | 'other'

interface HeldTimer {
  readonly kind: TimerKind
  readonly origin: Origin
  readonly call: () => void
}

const origins = new AsyncLocalStorage<Origin>()
const held = new Map<object, HeldTimer>()
let shortTimers = 0

/** Runs what a broker does; timers that begin in it are held until they are fired, short pauses apart. */
export function inProcess<Result>(origin: Origin, work: () => Result): Result {
  return origins.run(origin, work)
}

/** How many short pauses are under way; while there are any, more is to come without anybody's doing. */
export function pausesUnderWay(): number {
  return shortTimers
}

/** Fires the timers of a kind in the order in which they began. @returns how many there were */
export function fire(kind: TimerKind, matches: (origin: Origin) => boolean, isInterval = false): number {
  const found = [...held].filter(([, timer]) => timer.kind === kind && matches(timer.origin))
  for (const [handle, { origin, call }] of found) {
    if (!isInterval) held.delete(handle)
    origins.run(origin, call)
  }
  return found.length
}

/** The intervals of the heartbeat of a process: the first looks for work to take over, the others renew leases. */
export function beatsOf(process: object): (() => void)[] {
  return [...held.values()]
    .filter(({ kind, origin }) => kind === 'beat' && origin.process === process)
    .map(
      ({ origin, call }) =>
        () =>
          origins.run(origin, call),
    )
}

/** Forgets the timers of a process that is gone. */
export function forget(process: object): void {
  for (const [handle, { origin }] of held) if (origin.process === process) held.delete(handle)
}

function kindOf(ms: number): TimerKind {
  if (ms === times.syncWindowMs) return 'window'
  if (ms === times.syncTimeoutMs) return 'timeout'
  if (ms === times.drainMs) return 'drain'
  if (ms === times.heartbeatMs) return 'beat'
  // The constants of the library: the grace after a halt, and the looks for the end of what runs elsewhere.
  if (ms === 2_000) return 'grace'
  if (ms === 200) return 'look'
  return ms > 800_000 && ms <= times.pollingSeconds * 1_000 ? 'deadline' : 'other'
}

/** Takes the place of the timer functions of this process. @returns a function that puts them back */
export function controlTime(): () => void {
  const { setTimeout: after, clearTimeout: clear, setInterval: every, clearInterval: clearEvery } = globalThis

  const hold = (call: () => void, ms: number, origin: Origin) => {
    const handle = { ref: () => handle, unref: () => handle, hasRef: () => false, refresh: () => handle }
    held.set(handle, { kind: kindOf(ms), origin, call })
    return handle
  }
  const heldTimeout = (call: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
    const origin = origins.getStore()
    if (!origin) return after(call, ms, ...values)
    if (ms >= 200) {
      const handle = hold(
        () => {
          held.delete(handle)
          call(...values)
        },
        ms,
        origin,
      )
      return handle
    }
    shortTimers++
    // A pause is for others to come first; none of them needs the whole time here.
    return after(
      () => {
        shortTimers--
        call(...values)
      },
      Math.min(ms, 2),
    )
  }
  const heldInterval = (call: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
    const origin = origins.getStore()
    return origin ? hold(() => call(...values), ms, origin) : every(call, ms, ...values)
  }
  const release = (real: (handle: never) => void) => (handle: unknown) => {
    if (typeof handle === 'object' && handle !== null && held.delete(handle)) return
    real(handle as never)
  }
  Object.assign(globalThis, {
    setTimeout: heldTimeout,
    setInterval: heldInterval,
    clearTimeout: release(clear),
    clearInterval: release(clearEvery),
  })
  return () => {
    held.clear()
    Object.assign(globalThis, { setTimeout: after, setInterval: every, clearTimeout: clear, clearInterval: clearEvery })
  }
}
