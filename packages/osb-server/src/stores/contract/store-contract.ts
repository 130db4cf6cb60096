import assert from 'node:assert/strict'
import type { BrokerStore } from '../broker-store.js'
import { bindingCases } from './binding-cases.js'
import { contentCases } from './content-cases.js'
import { create, doneContent, instanceKey, type StoreContractCase } from './contract-case.js'
import { leaseCases } from './lease-cases.js'
import { listCases } from './list-cases.js'
import { writeCases } from './write-cases.js'

const closeCase: StoreContractCase = {
  name: 'a store that was closed refuses every call with an error that says so, except another close',
  async run(open) {
    const store = await open()
    await create(store, instanceKey)
    await store.close()
    await store.close()
    const write = { key: instanceKey, expected: 'absent', content: doneContent(), lease: 'keep' } as const
    const calls: readonly ((closed: BrokerStore) => unknown)[] = [
      (closed) => closed.read(instanceKey),
      (closed) => closed.write(write),
      (closed) => closed.renewLease(instanceKey, 1, 1),
      (closed) => closed.claimLapsed('second', 1, 1),
      (closed) => closed.releaseLease(instanceKey, 1),
      (closed) => closed.list(),
      (closed) => closed.purgeDeleted(1, 1),
    ]
    for (const call of calls) {
      await assert.rejects(async () => await call(store), /closed/)
    }
  },
}

/**
 * What every `BrokerStore` must do, as cases for any test runner. `open` opens a new, empty store for each case, which
 * closes it. The cases wait for leases of 150 ms to lapse, and fail with an `AssertionError`.
 * @example
 * import { describe, it } from 'node:test'
 * import { storeContract } from 'osb-server/testing'
 *
 * describe('my store', () => {
 *   for (const { name, run } of storeContract) {
 *     it(name, () => run(() => openMyStore()))
 *   }
 * })
 */
export const storeContract: readonly StoreContractCase[] = [
  ...writeCases,
  ...bindingCases,
  ...contentCases,
  ...leaseCases,
  ...listCases,
  closeCase,
]
