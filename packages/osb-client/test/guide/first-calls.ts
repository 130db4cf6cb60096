import { createBrokerClient, isBrokerResponseError, planTraits } from 'osb-client'

export async function createDatabase(url: string, password: string): Promise<unknown> {
  const client = createBrokerClient({ url, auth: { username: 'platform', password } })
  try {
    const { services } = await client.cachedCatalog()
    const offering = services.find(({ name }) => name === 'fake')
    const plan = offering?.plans.find(({ name }) => name === 'small')
    if (!offering || !plan || !planTraits(offering, plan).bindable) throw new Error('no such plan')

    const ids = { instance_id: 'instance-1', service_id: offering.id, plan_id: plan.id }
    await client.provisionAndWait(ids, { onProgress: ({ description }) => console.log(description) })
    const { credentials } = await client.bindAndWait({ ...ids, binding_id: 'binding-1' })
    return credentials
  } catch (error) {
    if (isBrokerResponseError(error) && error.status === 409) throw new Error('the id is taken', { cause: error })
    throw error
  } finally {
    await client.close()
  }
}
