import type { ResourceContent, ResourceRecord } from '../stores/broker-store.js'
import { type LeaseHolder, writeHeld } from './keep-lease.js'
import { keyText, OperationHalted, type RunningOperation } from './running-operation.js'
import type { RunningOperations } from './running-operations.js'
import { unref } from './timers.js'

/** What takeovers need of the engine. */
export interface TakeoverEngine {
  readonly running: Pick<RunningOperations, 'find' | 'size'>
  readonly begin: (record: ResourceRecord) => RunningOperation
  readonly isStopped: () => boolean
  /** Operations that this process can have at the same time. */
  readonly maximumRunning: number
}

/** Looks for operations whose process has died, at the start and at every heartbeat, and goes on with them. */
export interface Takeovers {
  /** Looks no more. */
  stop(): void
  /** Looks again at once if the last look left something for want of room. */
  roomAgain(): void
  /** Resolves when what was claimed has begun. */
  settled(): Promise<void>
}

const claimsAtOnce = 20

export function createTakeovers(holder: LeaseHolder, engine: TakeoverEngine): Takeovers {
  const { running, begin, isStopped, maximumRunning } = engine
  const { store, owner, leaseMs, heartbeatMs, onFault } = holder
  const resuming = new Set<Promise<void>>()
  /** The newest claim of what waits for its own function in this process to end. */
  const waiting = new Map<string, ResourceRecord>()
  let claiming: Promise<void> | undefined
  let stopped = false
  let wantsRoom = false
  const timer = setInterval(claim, heartbeatMs)
  unref(timer)
  // What a process that died left behind need not wait for the first heartbeat. Not yet, as the engine is being made.
  queueMicrotask(claim)

  function claim(): void {
    if (stopped) return
    claiming ??= claimAll().finally(() => {
      claiming = undefined
    })
  }

  /** Takes all there is, as long as there is room to run it; what is left is for others, or for later. */
  async function claimAll(): Promise<void> {
    try {
      let isMore = true
      while (isMore && !stopped) {
        const room = Math.min(claimsAtOnce, maximumRunning - running.size - resuming.size)
        wantsRoom = room < 1
        isMore = room >= 1 && (await claimSome(room)) === room
      }
    } catch (error) {
      onFault(error, undefined)
    }
  }

  async function claimSome(limit: number): Promise<number> {
    let unreadable = 0
    const claimed = await store.claimLapsed(owner, leaseMs, limit, (error) => {
      unreadable += 1
      onFault(error, undefined)
    })
    for (const record of claimed) {
      const resumed = resume(record).finally(() => resuming.delete(resumed))
      resuming.add(resumed)
    }
    return claimed.length + unreadable
  }

  /** Never rejects. */
  async function resume(claimed: ResourceRecord): Promise<void> {
    try {
      const newest = await afterOwn(claimed)
      if (newest) await goOn(newest)
    } catch (error) {
      if (!(error instanceof OperationHalted)) onFault(error, claimed)
    }
  }

  /**
   * What this process held itself lapsed because it was paused; its function is told to end, and waited for. It may
   * take so long that the claim lapses, too, and is made again: then the wait that is under way goes on with that one.
   */
  async function afterOwn(claimed: ResourceRecord): Promise<ResourceRecord | undefined> {
    const text = keyText(claimed.key)
    const own = running.find(claimed.key)
    if (!own) return claimed
    own.halt('lease-lost')
    const waits = waiting.has(text)
    waiting.set(text, claimed)
    if (waits) return undefined
    await own.ended()
    const newest = waiting.get(text)
    waiting.delete(text)
    return newest
  }

  async function goOn(claimed: ResourceRecord): Promise<void> {
    const token = claimed.lease?.token ?? 0
    if (isStopped()) return store.releaseLease(claimed.key, token)
    // The work begins with a whole lease, however long it took to come here.
    if (!(await store.renewLease(claimed.key, token, leaseMs))) return
    const again = ({ operation }: ResourceContent) => ({ ...operation, attempt: operation.attempt + 1 })
    const record = await writeHeld(holder, claimed, (content) => ({
      content: { ...content, operation: again(content) },
      lease: 'keep',
    }))
    if (record) begin(record).answered = true
  }

  return {
    stop() {
      stopped = true
      clearInterval(timer)
    },
    roomAgain() {
      if (!wantsRoom) return
      wantsRoom = false
      claim()
    },
    async settled() {
      await claiming
      while (resuming.size > 0) await Promise.all(resuming)
    },
  }
}
