import assert from 'node:assert/strict'
import type { OperationRecord, ResourceContent } from '../broker-store.js'
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

const strangeIds = [
  '',
  'x',
  'X',
  ' x ',
  'x\0y',
  'x\0',
  '../../etc/passwd',
  `'; drop table resources; --`,
  '"quoted" \\ \\u0000 %00',
  'Ünïcödé 服务 🚀',
  'u\u0308',
  'ü',
  '\ud800 alone',
  'new\nline',
  'null',
  '[]',
  'a'.repeat(5000),
  `${'a'.repeat(4999)}b`,
  '🚀'.repeat(2500),
]

const fullOperation: OperationRecord = {
  id: 'operation "1"',
  kind: 'update',
  state: 'failed',
  description: 'no space left: 服务\n\0"',
  instance_usable: true,
  update_repeatable: false,
  attempt: 3,
  startedAtMs: 1_795_552_415_216,
  deadlineAtMs: 1_795_552_425_216,
  endedAtMs: 1_795_552_415_999,
}

const nested = { list: [1, 'two', null, { three: [] }], 'a key': { '': 'ü\0\ud800' }, number: 1e-7, no: false }

export const contentCases: readonly StoreContractCase[] = [
  storeCase('ids of any characters and up to 5,000 of them are kept apart and given back', async (store) => {
    for (const id of strangeIds) {
      const key = { tenant: id, instance_id: id }
      await create(store, key, busyContent({ operation: { id } }), { lease: owner(longMs, id) })
      await create(store, { ...key, binding_id: id })
    }
    for (const id of strangeIds) {
      const key = { tenant: id, instance_id: id, binding_id: id }
      const { instance, binding } = await store.read(key)
      assertSame(instance?.key, { tenant: id, instance_id: id })
      assertSame(binding?.key, key)
      assert.equal(instance?.operation.id, id)
      assert.equal(instance?.lease?.owner, id)
      assertSame((await store.list({ tenant: id, instance_id: id })).records, [binding])
    }
  }),

  storeCase('all that is known of an operation is given back', async (store) => {
    const full = await create(store, instanceKey, doneContent({ operation: fullOperation }))
    assertSame(full.operation, fullOperation)
    assertSame((await readInstance(store)).operation, fullOperation)
    const little = busyContent()
    const record = await change(store, full, little)
    assertSame((await readInstance(store)).operation, little.operation)
    const opposite = { instance_usable: false, update_repeatable: true, description: '' }
    await change(store, record, doneContent({ operation: opposite }))
    const { operation } = await readInstance(store)
    assertSame({ ...operation, ...opposite }, operation)
  }),

  storeCase('secrets are given back as they were, and undefined is not null', async (store) => {
    const cases: readonly Partial<ResourceContent['secrets']>[] = [
      { request: nested, answer: nested, operationRequest: nested, state: nested, checkpoint: nested },
      { state: null, checkpoint: null },
      { state: undefined, checkpoint: undefined },
      { state: 'a text', checkpoint: 0 },
      { state: false, checkpoint: [] },
      { answer: { credentials: { password: 'p'.repeat(200_000) } } },
      { request: JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') },
      {},
    ]
    let record = await create(store, instanceKey)
    for (const secrets of cases) {
      const content = doneContent({ secrets })
      record = await change(store, record, content)
      for (const found of [record, await readInstance(store)]) {
        assertSame(found.secrets, content.secrets)
        assert.equal(found.secrets.state === undefined, secrets.state === undefined)
        assert.equal(found.secrets.checkpoint === undefined, secrets.checkpoint === undefined)
      }
    }
  }),

  storeCase('what was given to a store or gotten from it can change without changing what is stored', async (store) => {
    const state = { list: ['before'] }
    const request = { parameters: { size: 1 } }
    const key = { ...instanceKey }
    const content = busyContent({ secrets: { state, request }, operation: { description: 'before' } })
    const written = await create(store, key, content, { lease: owner(longMs) })
    const before = JSON.stringify(await readInstance(store))
    const attempts: readonly (() => unknown)[] = [
      () => state.list.push('after'),
      () => Object.assign(request.parameters, { size: 2 }),
      () => Object.assign(key, { instance_id: 'other' }),
      () => Object.assign(content.operation, { description: 'after' }),
      ...[written, present((await store.read(instanceKey)).instance), present((await store.list()).records[0])].flatMap(
        (record) => [
          () => Object.assign(record.secrets.request, { more: true }),
          () => Object.assign(record.operation, { description: 'after' }),
          () => Object.assign(record.key, { instance_id: 'other' }),
          () => Object.assign(present(record.lease), { token: 0 }),
          () => Object.assign(record, { status: 'deleted' }),
        ],
      ),
    ]
    attempts.forEach(attempt)
    assert.equal(JSON.stringify(await readInstance(store)), before)
  }),
]

/** A store may freeze what it gives out: then the change throws. */
function attempt(mutate: () => unknown): void {
  try {
    mutate()
  } catch (error) {
    assert.ok(error instanceof TypeError)
  }
}
