import { type BrokerClient, type FileLedger, orphanOf } from 'osb-client'

const call = { instance_id: 'instance-1', service_id: 'fake-offering', plan_id: 'fake-plan' }

/** While the platform runs: what a failed call may have left is deleted. */
export async function provisionOrCleanUp(client: BrokerClient): Promise<void> {
  try {
    await client.provisionAndWait(call)
  } catch (error) {
    const orphan = orphanOf(error, call)
    if (orphan) await client.mitigateOrphan(orphan)
    throw error
  }
}

/** When it starts again: what a crash may have left is deleted, what is still being made is waited for. */
export async function recover(
  client: BrokerClient,
  ledger: FileLedger,
  isOurs: (instance_id: string) => boolean,
): Promise<void> {
  for (const entry of ledger.unsettled()) {
    const { state, target, instance_id, binding_id = '', service_id = '', plan_id = '', operation } = entry
    const ids = { instance_id, binding_id, service_id, plan_id }
    if (state === 'pending') {
      const began = target === 'binding' ? 'bind' : 'provision'
      await client.awaitOperation({ ...ids, operation: began, accepted: { body: { operation } } })
    } else if (!isOurs(instance_id)) await client.mitigateOrphan({ ...ids, target })
  }
}
