import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ProvisionerError } from '../../errors.js'
import { redisRecipe } from '../../recipes/redis-recipe.js'
import { instanceResources } from '../../offering/instance-resources.js'
import type { DockerClient } from './docker-client.js'
import { ensureDockerService } from './ensure-service.js'

it('fails only when nothing is being made any more, so that a clean-up finds all', async () => {
  const ids = { broker: '', tenant: '', instance_id: 'i', service_id: 's', plan_id: 'p', plan_name: 'small' }
  const resources = instanceResources(redisRecipe(), ids)
  const docker = {
    volumeLabels: async () => undefined,
    createVolume: async () => {
      throw new ProvisionerError('OUT_OF_CAPACITY', 'no space left on device')
    },
  } satisfies Partial<DockerClient> as unknown as DockerClient
  let made = false
  const ensureNetwork = async () => {
    await sleep(50)
    made = true
  }
  const service = {
    network: resources.network,
    volumes: resources.volumes('redis:8', { admin: 'x' }),
    container: resources.container('redis:8', {}, undefined),
  }
  const publishing = { host: '', advertised: '', probe: '', range: { first: 1, last: 1 }, local: false }
  const ensured = ensureDockerService(docker, service, publishing, ensureNetwork, new AbortController().signal)
  await expect(ensured).rejects.toThrow('no space left')
  expect(made).toBe(true)
})
