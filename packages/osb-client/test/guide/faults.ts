import { createBrokerClient } from 'osb-client'
import { startFakeBroker } from 'osb-client/testing'
import { provisionOrCleanUp } from './orphans.js'

/** Whether the platform leaves an instance behind that it was never told of. */
export async function leavesAnOrphan(): Promise<boolean> {
  const broker = await startFakeBroker()
  const client = createBrokerClient({ url: broker.url, auth: 'none' })
  broker.next('provision', { fault: 'error', status: 500, done: true })
  await provisionOrCleanUp(client).catch(() => {})
  const isLeft = broker.hasInstance('instance-1')
  await client.close()
  await broker.close()
  return isLeft
}
