import assert from 'node:assert/strict'
import type {
  BrokerStore,
  OperationRecord,
  ResourceContent,
  ResourceKey,
  ResourceRecord,
  ResourceSecrets,
  ResourceWrite,
} from '../broker-store.js'

/** One thing that every `BrokerStore` must do. */
export interface StoreContractCase {
  /** A sentence. */
  readonly name: string
  /** @param open opens a new, empty store; the case closes it */
  run(open: () => Promise<BrokerStore>): Promise<void>
}

/** A lease that does not lapse while a case runs. */
export const longMs = 600_000

/** A lease that has lapsed soon. */
export const shortMs = 150

export const owner = (ttlMs: number, name = 'first') => ({ owner: name, ttlMs })

export const instanceKey: ResourceKey = { tenant: '', instance_id: 'instance-1' }

export const bindingKey = (binding_id: string, instance: ResourceKey = instanceKey): ResourceKey => ({
  ...instance,
  binding_id,
})

/** A case that gets an open store and need not close it. */
export function storeCase(name: string, check: (store: BrokerStore) => Promise<void>): StoreContractCase {
  return {
    name,
    async run(open) {
      const store = await open()
      try {
        await check(store)
      } finally {
        await store.close()
      }
    },
  }
}

export interface ContentChanges {
  readonly status?: ResourceContent['status']
  readonly operation?: Partial<OperationRecord>
  readonly secrets?: Partial<ResourceSecrets>
}

/** The content of a resource whose operation has ended. */
export function doneContent({ status = 'live', operation, secrets }: ContentChanges = {}): ResourceContent {
  return {
    service_id: 'service-1',
    plan_id: 'plan-1',
    status,
    operation: { id: 'operation-1', kind: 'create', state: 'succeeded', attempt: 1, startedAtMs: 1_000, ...operation },
    secrets: { request: { plan_id: 'plan-1' }, answer: {}, operationRequest: {}, ...secrets },
  }
}

/** The content of a resource that is being created. */
export function busyContent({ operation, ...changes }: ContentChanges = {}): ResourceContent {
  return doneContent({ status: 'creating', ...changes, operation: { state: 'in progress', ...operation } })
}

/** Creates a record that must not be there yet. */
export async function create(
  store: BrokerStore,
  key: ResourceKey,
  content = doneContent(),
  more: Partial<ResourceWrite> = {},
): Promise<ResourceRecord> {
  const record = await store.write({ key, expected: 'absent', content, lease: 'keep', ...more })
  return present(record)
}

/** Changes a record that nobody else changes. */
export async function change(
  store: BrokerStore,
  record: ResourceRecord,
  content: ResourceContent,
  lease: ResourceWrite['lease'] = 'keep',
): Promise<ResourceRecord> {
  return present(await store.write({ key: record.key, expected: record.version, content, lease }))
}

export async function readInstance(store: BrokerStore, key: ResourceKey = instanceKey): Promise<ResourceRecord> {
  return present((await store.read(key)).instance)
}

export async function readBinding(store: BrokerStore, key: ResourceKey): Promise<ResourceRecord> {
  return present((await store.read(key)).binding)
}

export function present<T>(value: T | undefined): T {
  assert.ok(value !== undefined, 'expected a record and found none')
  return value
}

/** Equal as JSON: a key that is undefined counts as absent. */
export function assertSame(actual: unknown, expected: unknown, ...message: [] | [message: string]): void {
  assert.deepEqual(plain(actual), plain(expected), ...message)
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

/** Claims until something has lapsed. */
export async function claimSoon(store: BrokerStore, name: string, limit = 10): Promise<readonly ResourceRecord[]> {
  const giveUpAt = performance.now() + 20_000
  while (performance.now() < giveUpAt) {
    const claimed = await store.claimLapsed(name, longMs, limit)
    if (claimed.length > 0) {
      return claimed
    }
    await wait(20)
  }
  return assert.fail('no lease lapsed within 20 s')
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
