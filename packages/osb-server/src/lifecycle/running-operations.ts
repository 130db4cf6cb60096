import type { ResourceKey } from '../stores/broker-store.js'
import { keyText, type RunningOperation } from './running-operation.js'

/**
 * The operations of this process that have not ended, the newest of each resource to be found by its key.
 * An object and not a `Map`, as this changes with each operation: V8 links each table that a `Map` or `Set` has outgrown to
 * the next one, so that once one is old, all later ones, and all operations in them, live until the next full collection.
 */
export class RunningOperations {
  readonly #newest = Object.create(null) as Record<string, RunningOperation | undefined>
  #count = 0
  /** Those that lost their lease, or whose end is not confirmed, while the next operation of their resource runs. */
  readonly #overtaken = new Set<RunningOperation>()

  /** How many resources are worked on. */
  get size(): number {
    return this.#count
  }

  find(key: ResourceKey): RunningOperation | undefined {
    return this.#newest[keyText(key)]
  }

  add(operation: RunningOperation): void {
    const before = this.#newest[operation.keyText]
    if (before) this.#overtaken.add(before)
    else this.#count += 1
    this.#newest[operation.keyText] = operation
  }

  /** Without effect for one that was removed before. */
  remove(operation: RunningOperation): void {
    if (this.#newest[operation.keyText] === operation) {
      delete this.#newest[operation.keyText]
      this.#count -= 1
    } else this.#overtaken.delete(operation)
  }

  /** Those that were overtaken, too. */
  all(): RunningOperation[] {
    return [...this.#overtaken, ...Object.values(this.#newest)].filter((operation) => operation !== undefined)
  }
}
