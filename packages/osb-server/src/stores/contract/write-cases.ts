import assert from 'node:assert/strict'
import {
  assertSame,
  busyContent,
  change,
  create,
  doneContent,
  instanceKey,
  longMs,
  owner,
  present,
  readInstance,
  storeCase,
  type StoreContractCase,
} from './contract-case.js'

const racers = Array.from({ length: 10 }, (_, index) => index)

export const writeCases: readonly StoreContractCase[] = [
  storeCase('a look at what was never written finds nothing', async (store) => {
    assertSame(await store.read(instanceKey), { bindingsBusy: false })
    assertSame(await store.read({ ...instanceKey, binding_id: 'b' }), { bindingsBusy: false })
  }),

  storeCase('a new record is written where none is, and read back as it was answered', async (store) => {
    const written = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    assertSame(written.key, instanceKey)
    assert.equal(written.status, 'creating')
    assert.ok(Number.isSafeInteger(written.version))
    assert.equal(written.lease?.owner, 'first')
    assertSame(await readInstance(store), written)
  }),

  storeCase('a new record is refused where one is, and changes nothing', async (store) => {
    const written = await create(store, instanceKey)
    const content = doneContent({ status: 'deleted' })
    const second = await store.write({ key: instanceKey, expected: 'absent', content, lease: owner(longMs) })
    assert.equal(second, undefined)
    assertSame(await readInstance(store), written)
  }),

  storeCase('a write with the version that is there succeeds, and the version grows', async (store) => {
    const first = await create(store, instanceKey)
    const content = doneContent({ status: 'deleted', operation: { kind: 'delete' } })
    const second = await change(store, first, content)
    assert.ok(second.version > first.version)
    assertSame(await readInstance(store), { ...content, key: instanceKey, version: second.version })
  }),

  storeCase('a write with an older version is refused, and changes nothing', async (store) => {
    const first = await create(store, instanceKey)
    const second = await change(store, first, doneContent())
    const content = doneContent({ status: 'deleted' })
    const late = { key: instanceKey, expected: first.version, content, lease: owner(longMs) }
    assert.equal(await store.write(late), undefined)
    assertSame(await readInstance(store), second)
  }),

  storeCase('a write with a version is refused where no record is', async (store) => {
    const content = doneContent()
    assert.equal(await store.write({ key: instanceKey, expected: 1, content, lease: 'keep' }), undefined)
    assertSame(await store.read(instanceKey), { bindingsBusy: false })
  }),

  storeCase('of ten creates at once exactly one wins, and its content stays', async (store) => {
    const outcomes = await Promise.all(
      racers.map(async (racer) => {
        const content = doneContent({ operation: { id: `racer-${racer}` } })
        return store.write({ key: instanceKey, expected: 'absent', content, lease: 'keep' })
      }),
    )
    const winners = outcomes.filter((outcome) => outcome !== undefined)
    assert.equal(winners.length, 1)
    assertSame(await readInstance(store), winners[0])
  }),

  storeCase('of ten changes at once exactly one wins, and its content stays', async (store) => {
    const { version } = await create(store, instanceKey)
    const outcomes = await Promise.all(
      racers.map(async (racer) => {
        const content = doneContent({ operation: { id: `racer-${racer}` } })
        return store.write({ key: instanceKey, expected: version, content, lease: owner(longMs, `racer-${racer}`) })
      }),
    )
    const winners = outcomes.filter((outcome) => outcome !== undefined)
    assert.equal(winners.length, 1)
    assertSame(await readInstance(store), winners[0])
    assert.equal(winners[0]?.lease?.owner, winners[0]?.operation.id)
  }),

  storeCase('a record that was purged and created again repeats no version and no token', async (store) => {
    const first = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    const gone = doneContent({ status: 'deleted', operation: { kind: 'delete', endedAtMs: 5_000 } })
    const last = await change(store, await change(store, first, gone), gone, 'release')
    assert.equal(await store.purgeDeleted(5_001, 10), 1)
    const again = await create(store, instanceKey, busyContent(), { lease: owner(longMs) })
    assert.ok(again.version > last.version)
    assert.ok(present(again.lease).token > present(first.lease).token)
  }),

  storeCase('another tenant cannot see or change a resource', async (store) => {
    const here = { tenant: 'a', instance_id: 'same' }
    const there = { tenant: 'b', instance_id: 'same' }
    const record = await create(store, here, busyContent(), { lease: owner(longMs) })
    await create(store, { ...here, binding_id: 'x' }, busyContent())
    assertSame(await store.read({ ...there, binding_id: 'x' }), { bindingsBusy: false })
    const write = { key: there, expected: record.version, content: doneContent(), lease: 'keep' } as const
    assert.equal(await store.write(write), undefined)
    assert.equal(await store.renewLease(there, present(record.lease).token, longMs), false)
    await store.releaseLease(there, present(record.lease).token)
    const other = await create(store, there)
    await store.write({ ...write, expected: other.version, removeBindings: true })
    assertSame(await readInstance(store, here), record)
    assert.equal((await store.read(here)).bindingsBusy, true)
    assert.equal((await store.list({ tenant: 'b' })).records.length, 1)
  }),
]
