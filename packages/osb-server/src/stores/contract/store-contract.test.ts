import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import type { BrokerStore, ResourceRecord, ResourceWrite } from '../broker-store.js'
import { memoryStore } from '../memory-store.js'
import { instanceKey } from './contract-case.js'
import { storeContract } from './store-contract.js'

type Fault = (store: BrokerStore) => Partial<BrokerStore>

/** Each fault, and the beginning of the case that has to find it. */
const faults: readonly (readonly [fault: string, find: string, make: Fault])[] = [
  [
    'an expected version is ignored',
    'a write with an older version',
    (store) => ({
      async write(write) {
        const { instance } = await store.read(write.key)
        return store.write({ ...write, expected: instance?.version ?? 'absent' })
      },
    }),
  ],
  [
    'the comparison and the write are two steps',
    'of ten changes at once',
    (store) => ({
      async write(write) {
        const { instance } = await store.read(write.key)
        if (instance !== undefined && instance.version !== write.expected) {
          return undefined
        }
        return force(store, write)
      },
    }),
  ],
  [
    'instanceVersion is ignored',
    'of ten binding writes at once',
    (store) => ({ write: (write) => store.write({ ...write, instanceVersion: undefined }) }),
  ],
  [
    'the touch stays when the binding write loses',
    'a binding write that loses',
    (store) => ({
      async write(write) {
        const written = await store.write(write)
        const { instance } = await store.read(write.key)
        if (written === undefined && instance !== undefined && instance.version === write.instanceVersion) {
          await store.write({ key: instanceKey, expected: instance.version, content: instance, lease: 'keep' })
        }
        return written
      },
    }),
  ],
  [
    'removeBindings is ignored',
    'removeBindings removes all',
    (store) => ({ write: (write) => store.write({ ...write, removeBindings: false }) }),
  ],
  [
    'bindingsBusy is never true',
    'bindingsBusy says',
    (store) => ({ read: async (key) => ({ ...(await store.read(key)), bindingsBusy: false }) }),
  ],
  ['a lease is renewed with any token', 'renewing is refused', () => ({ renewLease: async () => true })],
  [
    'a lease is never prolonged',
    'renewing prolongs',
    (store) => ({
      renewLease: (key, token) => store.renewLease(key, token, 1),
    }),
  ],
  ['a lease cannot be released', 'releasing a lease', () => ({ releaseLease: async () => {} })],
  [
    'a running operation is claimed',
    'what runs, and what has ended',
    (store) => ({ write: (write) => store.write({ ...write, lease: { owner: 'first', ttlMs: 0 } }) }),
  ],
  [
    'the limit of a claim is ignored',
    'at most limit operations',
    (store) => ({ claimLapsed: (owner, ttlMs) => store.claimLapsed(owner, ttlMs, 100) }),
  ],
  [
    'tenants are not kept apart',
    'another tenant cannot see',
    (store) => ({
      read: (key) => store.read({ ...key, tenant: 'a' }),
      write: (write) => store.write({ ...write, key: { ...write.key, tenant: 'a' } }),
    }),
  ],
  [
    'ids are cut at NUL',
    'ids of any characters',
    (store) => ({
      write: (write) =>
        store.write({ ...write, key: { ...write.key, instance_id: write.key.instance_id.split('\0')[0] ?? '' } }),
    }),
  ],
  [
    'undefined becomes null',
    'secrets are given back',
    (store) => ({
      write: ({ content, ...write }) =>
        store.write({
          ...write,
          content: { ...content, secrets: { state: null, checkpoint: null, ...content.secrets } },
        }),
    }),
  ],
  [
    'the first record of a page is lost',
    'pages of any size',
    (store) => ({
      async list(options) {
        const page = await store.list(options)
        return page.next === undefined ? page : { ...page, records: page.records.slice(1) }
      },
    }),
  ],
  [
    'the filter of operations in progress is ignored',
    'a listing is filtered',
    (store) => ({ list: (options) => store.list({ ...options, inProgress: false }) }),
  ],
  [
    'instances and bindings are not told apart',
    'a listing is filtered',
    (store) => ({ list: (options) => store.list({ ...options, only: undefined }) }),
  ],
  [
    'everything deleted is purged',
    'purging removes',
    (store) => ({ purgeDeleted: (_, limit) => store.purgeDeleted(Number.MAX_VALUE, limit) }),
  ],
  ['it goes on after close', 'a store that was closed', () => ({ close: async () => {} })],
]

/** Writes whatever version there is. */
async function force(store: BrokerStore, write: ResourceWrite): Promise<ResourceRecord> {
  const { instance } = await store.read(write.key)
  return (await store.write({ ...write, expected: instance?.version ?? 'absent' })) ?? force(store, write)
}

describe('storeContract', () => {
  it.each(faults)('finds that %s', async (_, find, make) => {
    const found = storeContract.filter(({ name }) => name.startsWith(find))
    expect(found).toHaveLength(1)
    const store = memoryStore()
    await expect(found[0]?.run(async () => ({ ...store, ...make(store) }))).rejects.toThrow(AssertionError)
  })

  it('has a name of its own for each case', () => {
    expect(new Set(storeContract.map(({ name }) => name)).size).toBe(storeContract.length)
  })
})
