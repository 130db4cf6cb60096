import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { handlerContext } from '../../test/support/test-instance.js'
import type { Engine } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { redisRecipe } from '../recipes/redis-recipe.js'
import { provisionInstance } from './provision-instance.js'

it('cleans up after a failure only when nothing is being made any more', async () => {
  const made = new Set<string>()
  const engine = {
    kind: 'docker',
    ensureImage: async () => 'redis:8',
    async ensureNetwork({ name }) {
      await sleep(50)
      made.add(name)
    },
    ensureVolumes: async () => {
      throw new ProvisionerError('OUT_OF_CAPACITY', 'no space left on device')
    },
    list: async () => [],
    remove: async ({ name }) => void made.delete(name),
  } satisfies Partial<Engine> as unknown as Engine
  const ids = { broker: '', tenant: '', instance_id: 'i', service_id: 's', plan_id: 'p', plan_name: 'small' }
  const provision = provisionInstance(engine, redisRecipe(), ids, {}, handlerContext())
  await expect(provision).rejects.toThrow('no space left')
  await sleep(100)
  expect([...made]).toEqual([])
})
