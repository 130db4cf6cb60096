import assert from 'node:assert/strict'
import type { BrokerStore, ListOptions, ResourceRecord } from '../broker-store.js'
import {
  assertSame,
  bindingKey,
  busyContent,
  create,
  doneContent,
  instanceKey,
  longMs,
  owner,
  storeCase,
  type StoreContractCase,
} from './contract-case.js'

const ids = ['c', 'a', 'B', '10', '9', 'ä']

export const listCases: readonly StoreContractCase[] = [
  storeCase('a listing of nothing is one empty page', async (store) => {
    assertSame(await store.list(), { records: [] })
  }),

  storeCase('pages of any size bring every record once, always in the same order', async (store) => {
    for (const id of ids) {
      await create(store, { tenant: id, instance_id: 'one' })
      await create(store, { tenant: 'same', instance_id: id })
      await create(store, { tenant: 'same', instance_id: 'two', binding_id: id })
    }
    const all = (await store.list()).records
    assert.equal(new Set(all.map(({ key }) => JSON.stringify(key))).size, ids.length * 3)
    for (const limit of [1, 5, all.length, 1000]) {
      const pages = await pagesOf(store, { limit })
      assertSame(pages.flat(), all)
      assert.ok(pages.every((page) => page.length <= limit))
      assert.equal(pages.length, Math.ceil(all.length / limit))
    }
  }),

  storeCase('records that come or go between two pages hide none of the others', async (store) => {
    for (const id of ['b', 'd', 'f', 'h']) {
      await create(store, { tenant: '', instance_id: id })
    }
    const content = doneContent({ status: 'deleted', operation: { endedAtMs: 5_000 } })
    const first = await store.list({ limit: 2 })
    const seen = first.records.map(({ key }) => key.instance_id)
    const last = first.records[1]
    await store.write({ key: last?.key ?? instanceKey, expected: last?.version ?? 0, content, lease: 'keep' })
    assert.equal(await store.purgeDeleted(5_001, 10), 1)
    for (const id of ['a', 'c', 'e', 'g', 'i']) {
      await create(store, { tenant: '', instance_id: id })
    }
    const rest = await pagesOf(store, { limit: 2, after: first.next })
    const unseen = ['b', 'd', 'f', 'h'].filter((id) => !seen.includes(id))
    const found = rest.flat().map(({ key }) => key.instance_id)
    assertSame(
      unseen.filter((id) => !found.includes(id)),
      [],
    )
    assertSame(
      seen.filter((id) => found.includes(id)),
      [],
    )
  }),

  storeCase(
    'a listing is filtered by tenant, by instance, by what it is and by operations in progress',
    async (store) => {
      const ours = { tenant: 'a', instance_id: 'one' }
      const theirs = { tenant: 'b', instance_id: 'one' }
      const one = await create(store, ours, busyContent(), { lease: owner(longMs) })
      const x = await create(store, bindingKey('x', ours), busyContent())
      const y = await create(store, bindingKey('y', ours))
      const two = await create(store, { tenant: 'a', instance_id: 'two' })
      const other = await create(store, theirs, busyContent())
      await create(store, bindingKey('x', theirs))
      const expected: readonly (readonly [ListOptions, readonly ResourceRecord[]])[] = [
        [{ tenant: 'a' }, [one, x, y, two]],
        [{ tenant: 'c' }, []],
        [{ tenant: 'a', instance_id: 'one' }, [x, y]],
        [{ tenant: 'a', instance_id: 'two' }, []],
        [{ tenant: 'a', only: 'instances' }, [one, two]],
        [{ tenant: 'a', only: 'bindings' }, [x, y]],
        [{ only: 'instances', inProgress: true }, [one, other]],
        [{ inProgress: true }, [one, x, other]],
        [{ inProgress: false, tenant: 'a', instance_id: 'one' }, [x, y]],
        [{ tenant: 'a', inProgress: true }, [one, x]],
        [{ tenant: 'a', instance_id: 'one', inProgress: true }, [x]],
      ]
      for (const [options, records] of expected) {
        const whole = (await store.list(options)).records
        assertSame(byKey(whole), byKey(records), JSON.stringify(options))
        assertSame((await pagesOf(store, { ...options, limit: 1 })).flat(), whole, JSON.stringify(options))
      }
    },
  ),

  storeCase(
    'a limit out of bounds, a foreign `after` and an instance without its tenant are refused',
    async (store) => {
      for (const limit of [0, -1, 1.5, Number.NaN, 1001]) {
        await assert.rejects(store.list({ limit }))
      }
      await assert.rejects(store.list({ after: 'not from here' }))
      await assert.rejects(store.list({ instance_id: 'one' }))
    },
  ),

  storeCase('a page holds 100 records unless told otherwise', async (store) => {
    await Promise.all(Array.from({ length: 101 }, (_, index) => create(store, bindingKey(`b${index}`))))
    assertSame(
      (await pagesOf(store, {})).map(({ length }) => length),
      [100, 1],
    )
  }),

  storeCase(
    'purging removes the resources whose delete ended before the time, oldest first, and nothing else',
    async (store) => {
      const gone = (endedAtMs: number) => doneContent({ status: 'deleted', operation: { kind: 'delete', endedAtMs } })
      await create(store, instanceKey, gone(2_000))
      await create(store, bindingKey('old'), gone(1_000))
      await create(store, bindingKey('new'), gone(3_000))
      await create(store, bindingKey('live'), doneContent({ operation: { endedAtMs: 1_000 } }))
      await create(store, bindingKey('deleting'), busyContent({ operation: { kind: 'delete' } }))
      assert.equal(await store.purgeDeleted(1_000, 10), 0)
      assert.equal(await store.purgeDeleted(3_000, 1), 1)
      assert.equal((await store.read(bindingKey('old'))).binding, undefined)
      assert.equal(await store.purgeDeleted(3_000, 10), 1)
      assert.equal(await store.purgeDeleted(3_000, 10), 0)
      const left = new Set((await store.list()).records.map(({ key }) => key.binding_id))
      assert.deepEqual(left, new Set(['deleting', 'live', 'new']))
      await assert.rejects(store.purgeDeleted(3_000, 0))
    },
  ),
]

async function pagesOf(store: BrokerStore, options: ListOptions): Promise<(readonly ResourceRecord[])[]> {
  const { records, next } = await store.list(options)
  return next === undefined ? [records] : [records, ...(await pagesOf(store, { ...options, after: next }))]
}

function byKey(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const id = ({ key }: ResourceRecord) => JSON.stringify([key.tenant, key.instance_id, key.binding_id])
  return records.toSorted((a, b) => (id(a) < id(b) ? -1 : 1))
}
