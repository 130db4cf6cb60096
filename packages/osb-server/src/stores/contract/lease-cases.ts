import assert from 'node:assert/strict'
import type { ResourceRecord } from '../broker-store.js'
import {
  assertSame,
  bindingKey,
  busyContent,
  change,
  claimSoon,
  create,
  doneContent,
  instanceKey,
  longMs,
  owner,
  present,
  readBinding,
  readInstance,
  shortMs,
  storeCase,
  type StoreContractCase,
  wait,
} from './contract-case.js'

export const leaseCases: readonly StoreContractCase[] = [
  storeCase('each new holder of a lease gets the next token, also after the lease was released', async (store) => {
    const first = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    const { token } = present(first.lease)
    assert.ok(Number.isSafeInteger(token) && token > 0)
    const second = await change(store, first, busyContent(), owner(longMs, 'second'))
    assertSame(second.lease, { owner: 'second', token: token + 1 })
    const ended = await change(store, second, doneContent(), 'release')
    assert.equal(ended.lease, undefined)
    const third = await change(store, ended, busyContent(), owner(longMs, 'third'))
    assertSame(third.lease, { owner: 'third', token: token + 2 })
  }),

  storeCase('a write keeps or releases the lease as it is told', async (store) => {
    const first = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    const kept = await change(store, first, busyContent({ operation: { description: 'half way' } }), 'keep')
    assertSame(kept.lease, first.lease)
    const released = await change(store, kept, doneContent(), 'release')
    assert.equal(released.lease, undefined)
    assert.equal((await readInstance(store)).lease, undefined)
    assert.equal(await store.renewLease(instanceKey, present(first.lease).token, longMs), false)
  }),

  storeCase('renewing prolongs the lease with the right token and leaves the version as it is', async (store) => {
    const record = await create(store, instanceKey, busyContent(), { lease: owner(shortMs) })
    const binding = await create(store, bindingKey('b1'), busyContent(), { lease: owner(shortMs) })
    assert.equal(await store.renewLease(instanceKey, present(record.lease).token, longMs), true)
    assert.equal(await store.renewLease(binding.key, present(binding.lease).token, longMs), true)
    await wait(shortMs * 1.5)
    assertSame(await store.claimLapsed('second', longMs, 10), [])
    assertSame(await readInstance(store), record)
    assertSame(await readBinding(store, binding.key), binding)
  }),

  storeCase('renewing is refused with a wrong token and for what does not exist', async (store) => {
    const { lease } = await create(store, instanceKey, busyContent(), { lease: owner(shortMs) })
    const { token } = present(lease)
    assert.equal(await store.renewLease(instanceKey, token + 1, longMs), false)
    assert.equal(await store.renewLease(instanceKey, token - 1, longMs), false)
    assert.equal(await store.renewLease(bindingKey('b1'), token, longMs), false)
    assert.equal((await claimSoon(store, 'second')).length, 1)
    assert.equal(await store.renewLease(instanceKey, token, longMs), false)
  }),

  storeCase('a lapsed lease is claimed with the next token, and the old holder writes no more', async (store) => {
    const first = await create(store, instanceKey, busyContent(), { lease: owner(shortMs) })
    const [claimed] = await claimSoon(store, 'second')
    const { key, version, lease, ...content } = present(claimed)
    assertSame(
      { key, version, lease },
      {
        key: instanceKey,
        version: first.version + 1,
        lease: { owner: 'second', token: present(first.lease).token + 1 },
      },
    )
    assertSame(content, busyContent())
    assertSame(await readInstance(store), claimed)
    const late = { key: instanceKey, expected: first.version, content: doneContent(), lease: 'release' } as const
    assert.equal(await store.write(late), undefined)
    await store.releaseLease(instanceKey, present(first.lease).token)
    assertSame(await store.claimLapsed('third', longMs, 10), [])
  }),

  storeCase('what runs, and what has ended, is not claimed', async (store) => {
    await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    await create(store, bindingKey('kept'), doneContent(), { lease: owner(1) })
    await create(store, bindingKey('ended'), doneContent())
    await wait(shortMs)
    assertSame(await store.claimLapsed('second', longMs, 10), [])
  }),

  storeCase('an operation in progress that nobody has a lease on is claimed', async (store) => {
    await create(store, bindingKey('b1'), busyContent())
    const [claimed] = await store.claimLapsed('second', longMs, 10)
    assertSame(claimed?.key, bindingKey('b1'))
    assert.equal(claimed?.lease?.owner, 'second')
  }),

  storeCase('at most limit operations are claimed, those first whose lease lapsed first', async (store) => {
    const ids = ['third', 'first', 'second']
    const ttls: Readonly<Record<string, number>> = { third: 90, first: 1, second: 45 }
    await Promise.all(
      ids.map((id) => create(store, bindingKey(id), busyContent(), { lease: owner(present(ttls[id])) })),
    )
    await wait(shortMs)
    const rounds = [await store.claimLapsed('second', longMs, 1), await store.claimLapsed('second', longMs, 2)]
    assertSame(rounds.map(bindingIds), [['first'], ['second', 'third']])
    assertSame(await store.claimLapsed('second', longMs, 10), [])
    await assert.rejects(store.claimLapsed('second', longMs, 0))
  }),

  storeCase('of ten claims at once each lapsed operation goes to one', async (store) => {
    const ids = ['b1', 'b2', 'b3']
    await Promise.all(ids.map((id) => create(store, bindingKey(id), busyContent())))
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) => store.claimLapsed(`racer-${index}`, longMs, 2)),
    )
    assertSame(bindingIds(claims.flat()), ids)
  }),

  storeCase(
    'releasing a lease makes its operation claimable at once, and the old holder writes no more',
    async (store) => {
      const record = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
      const { token } = present(record.lease)
      await store.releaseLease(instanceKey, token + 1)
      assertSame(await store.claimLapsed('second', longMs, 10), [])
      assertSame(await readInstance(store), record)
      await store.releaseLease(instanceKey, token)
      const late = { key: instanceKey, expected: record.version, content: doneContent(), lease: 'keep' } as const
      assert.equal(await store.write(late), undefined)
      assert.equal(await store.renewLease(instanceKey, token, longMs), false)
      const [claimed] = await store.claimLapsed('second', longMs, 10)
      assertSame(claimed?.lease, { owner: 'second', token: token + 1 })
    },
  ),
]

function bindingIds(records: readonly ResourceRecord[]): readonly string[] {
  return records.map(({ key }) => key.binding_id ?? '').toSorted((a, b) => (a < b ? -1 : 1))
}
