import type { BrokerStore } from 'osb-server'
import type { KnownInstance } from './reconcile.js'

const pageSize = 1_000

/** The service instances that a store has on record and that are not deleted, page by page. */
export async function knownInstances(store: Pick<BrokerStore, 'list'>): Promise<readonly KnownInstance[]> {
  const known: KnownInstance[] = []
  let after: string | undefined
  do {
    const { records, next } = await store.list({ limit: pageSize, ...(after !== undefined && { after }) })
    for (const { key, plan_id, status, operation } of records) {
      if (key.binding_id !== undefined || status === 'deleted') continue
      // A create that failed has cleaned up, or has left what its delete will find.
      const busy = operation.state === 'in progress' || status === 'create-failed'
      known.push({ tenant: key.tenant, instance_id: key.instance_id, plan_id, busy })
    }
    after = next
  } while (after !== undefined)
  return known
}
