/** What can be in one `LinkedSet`; the set alone changes these. */
export interface Linked<Item> {
  before: Item | undefined
  after: Item | undefined
}

/**
 * A set of objects that come and go with each call, linked with each other, the newest first.
 * A `Map` or `Set` makes a new table every so many changes, and V8 links the old table to the new one: once one of them is
 * in the old generation, all later ones, and all that was in them, live until the next full collection. Here what was
 * removed refers to nothing.
 */
export class LinkedSet<Item extends Linked<Item>> implements Iterable<Item> {
  #newest: Item | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Without effect for one that is in it. */
  add(item: Item): void {
    if (this.has(item)) return
    item.after = this.#newest
    if (this.#newest) this.#newest.before = item
    this.#newest = item
    this.#size += 1
  }

  /** Without effect for one that is not in it. */
  delete(item: Item): void {
    if (!this.has(item)) return
    const { before, after } = item
    if (before) before.after = after
    else this.#newest = after
    if (after) after.before = before
    item.before = undefined
    item.after = undefined
    this.#size -= 1
  }

  has(item: Item): boolean {
    return item.before !== undefined || item === this.#newest
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let item = this.#newest; item !== undefined; item = item.after) yield item
  }
}
