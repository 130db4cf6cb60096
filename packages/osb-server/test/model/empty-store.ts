import type { BrokerStore } from 'osb-server'

/** Removes all records, whatever an earlier sequence has left. */
export async function emptyStore(store: BrokerStore): Promise<void> {
  for (;;) {
    const { records } = await store.list({ limit: 1_000 })
    if (records.length === 0) return
    for (const { key, version, service_id, plan_id, operation } of records) {
      const content = {
        service_id,
        plan_id,
        status: 'deleted' as const,
        operation: { ...operation, state: 'succeeded' as const, endedAtMs: 1 },
        secrets: { request: {}, answer: {}, operationRequest: {} },
      }
      await store.write({ key, expected: version, content, lease: 'release' })
    }
    await store.purgeDeleted(2, 1_000)
  }
}
