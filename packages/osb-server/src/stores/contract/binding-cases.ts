import assert from 'node:assert/strict'
import {
  assertSame,
  bindingKey,
  busyContent,
  change,
  create,
  doneContent,
  instanceKey,
  readBinding,
  readInstance,
  storeCase,
  type StoreContractCase,
} from './contract-case.js'

const neighbour = { tenant: '', instance_id: 'instance-10' }

export const bindingCases: readonly StoreContractCase[] = [
  storeCase('one look finds the instance and the binding asked for', async (store) => {
    const instance = await create(store, instanceKey)
    const binding = await create(store, bindingKey('b1'), doneContent({ operation: { id: 'of-b1' } }))
    await create(store, bindingKey('b2'))
    assertSame(await store.read(bindingKey('b1')), { instance, binding, bindingsBusy: false })
    assertSame(await store.read(bindingKey('b3')), { instance, bindingsBusy: false })
    assertSame(await store.read(instanceKey), { instance, bindingsBusy: false })
  }),

  storeCase('an instance and a binding of the same id are two records', async (store) => {
    const key = { tenant: 'same', instance_id: 'same' }
    const instance = await create(store, key, doneContent({ operation: { id: 'of-instance' } }))
    const binding = await create(store, { ...key, binding_id: 'same' })
    assertSame(await store.read({ ...key, binding_id: 'same' }), { instance, binding, bindingsBusy: false })
  }),

  storeCase('a binding can be written without its instance', async (store) => {
    const binding = await create(store, bindingKey('b1'))
    assertSame(await store.read(bindingKey('b1')), { binding, bindingsBusy: false })
  }),

  storeCase('bindingsBusy says whether an operation of any binding of the instance is in progress', async (store) => {
    await create(store, instanceKey, busyContent())
    await create(store, bindingKey('b1'))
    await create(store, bindingKey('b1', neighbour), busyContent())
    assert.equal((await store.read(instanceKey)).bindingsBusy, false)
    const busy = await create(store, bindingKey('b2'), busyContent())
    assert.equal((await store.read(instanceKey)).bindingsBusy, true)
    assert.equal((await store.read(bindingKey('b1'))).bindingsBusy, true)
    assert.equal((await store.read(bindingKey('b3'))).bindingsBusy, true)
    await change(store, busy, doneContent())
    assert.equal((await store.read(instanceKey)).bindingsBusy, false)
  }),

  storeCase(
    'a binding write with instanceVersion makes the version of its instance grow, and only that',
    async (store) => {
      const instance = await create(store, instanceKey, busyContent(), { lease: { owner: 'first', ttlMs: 60_000 } })
      const created = await create(store, bindingKey('b1'), doneContent(), { instanceVersion: instance.version })
      const touched = await readInstance(store)
      assert.ok(touched.version > instance.version)
      assertSame({ ...touched, version: 0 }, { ...instance, version: 0 })
      const write = { key: created.key, expected: created.version, content: doneContent(), lease: 'keep' } as const
      const changed = await store.write({ ...write, instanceVersion: touched.version })
      assertSame(await readBinding(store, created.key), changed)
      assert.ok((await readInstance(store)).version > touched.version)
      assert.equal(await store.write({ ...write, expected: instance.version, key: instanceKey }), undefined)
    },
  ),

  storeCase('a binding write that loses on either version leaves both records untouched', async (store) => {
    const instance = await create(store, instanceKey)
    const binding = await create(store, bindingKey('b1'))
    const content = doneContent({ status: 'deleted' })
    const write = { key: bindingKey('b1'), expected: binding.version, content, lease: 'keep' } as const
    const instanceVersion = instance.version
    const losers = [
      { ...write, instanceVersion: instanceVersion - 1 },
      { ...write, expected: binding.version - 1, instanceVersion },
      { ...write, expected: 'absent', instanceVersion } as const,
      { ...write, key: bindingKey('b2'), instanceVersion },
      { ...write, key: bindingKey('b2'), expected: 'absent', instanceVersion: instanceVersion - 1 } as const,
      { ...write, key: bindingKey('b1', neighbour), expected: 'absent', instanceVersion } as const,
    ]
    for (const loser of losers) {
      assert.equal(await store.write(loser), undefined)
    }
    assertSame(await store.read(bindingKey('b1')), { instance, binding, bindingsBusy: false })
    assert.equal((await store.list()).records.length, 2)
  }),

  storeCase('of ten binding writes at once with the same instanceVersion exactly one wins', async (store) => {
    const { version } = await create(store, instanceKey)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async (_, index) =>
        store.write({
          key: bindingKey(`b${index}`),
          expected: 'absent',
          content: doneContent(),
          lease: 'keep',
          instanceVersion: version,
        }),
      ),
    )
    assert.equal(outcomes.filter((outcome) => outcome !== undefined).length, 1)
    assert.equal((await store.list({ tenant: '', instance_id: instanceKey.instance_id })).records.length, 1)
  }),

  storeCase(
    'removeBindings removes all bindings of the instance, no others, and only if the write wins',
    async (store) => {
      const instance = await create(store, instanceKey)
      const [b1] = [await create(store, bindingKey('b1')), await create(store, bindingKey('b2'), busyContent())]
      const kept = await create(store, bindingKey('b1', neighbour))
      const content = doneContent({ status: 'deleted', operation: { kind: 'delete' } })
      const write = {
        key: instanceKey,
        expected: instance.version,
        content,
        lease: 'keep',
        removeBindings: true,
      } as const
      assert.equal(await store.write({ ...write, expected: instance.version - 1 }), undefined)
      assertSame(await readBinding(store, b1.key), b1)
      const gone = await store.write(write)
      assertSame(await store.read(b1.key), { instance: gone, bindingsBusy: false })
      assertSame(await store.list(), { records: [gone, kept] })
    },
  ),
]
