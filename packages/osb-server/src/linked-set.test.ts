import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Linked, LinkedSet } from './linked-set.js'

interface Item extends Linked<Item> {
  readonly name: number
}

const newItem = (name: number): Item => ({ name, before: undefined, after: undefined })

it('holds what a Set holds after any additions and deletions, the newest first', () => {
  const change = fc.record({ name: fc.nat(5), isAdded: fc.boolean() })
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const items = Array.from({ length: 6 }, (_, name) => newItem(name))
      const linked = new LinkedSet<Item>()
      const model = new Set<number>()
      for (const { name, isAdded } of changes) {
        const item = items[name] as Item
        if (isAdded) {
          linked.add(item)
          model.add(name)
        } else {
          linked.delete(item)
          model.delete(name)
        }
      }
      expect([...linked].map(({ name }) => name)).toEqual([...model].toReversed())
      expect(linked.size).toBe(model.size)
      for (const item of items) {
        expect(linked.has(item)).toBe(model.has(item.name))
        // What was removed must not keep others alive.
        if (!model.has(item.name)) expect([item.before, item.after]).toEqual([undefined, undefined])
      }
    }),
  )
})
