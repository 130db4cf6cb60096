import type { ResourceKey } from '../stores/broker-store.js'
import { LinkedSet } from '../linked-set.js'
import type { RunningOperation } from './running-operation.js'

/**
 * The operations of this process that have not ended. Of one resource there can be several: those that lost their lease,
 * or whose end is not confirmed, and the next one.
 */
export class RunningOperations {
  readonly #running = new LinkedSet<RunningOperation>()

  get size(): number {
    return this.#running.size
  }

  /** The newest of a resource. Looks through all, which is for what seldom happens: repeats and takeovers. */
  find(key: ResourceKey): RunningOperation | undefined {
    for (const operation of this.#running) if (isSameKey(operation.key, key)) return operation
    return undefined
  }

  add(operation: RunningOperation): void {
    this.#running.add(operation)
  }

  /** Without effect for one that was removed before. */
  remove(operation: RunningOperation): void {
    this.#running.delete(operation)
  }

  all(): RunningOperation[] {
    return [...this.#running]
  }
}

function isSameKey(a: ResourceKey, b: ResourceKey): boolean {
  return a.instance_id === b.instance_id && a.binding_id === b.binding_id && a.tenant === b.tenant
}
