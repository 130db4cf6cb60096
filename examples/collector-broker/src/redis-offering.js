import { dockerOffering, redisRecipe } from 'docker-provisioner'
import { definePlan } from 'osb-server'

const image = 'redis:8'

/**
 * Redis in two sizes, or nothing where the image is not on the engine already: this broker fetches none.
 * @param {import('docker-provisioner').Engine} engine
 */
export async function redisOfferings(engine) {
  if (!(await engine.hasImage(image))) return []
  return [
    dockerOffering(redisRecipe({ image }), {
      engine,
      id: '0f1d7f0e-7a44-4d3c-8c4e-93d2ad1f6b33',
      name: 'redis',
      description: 'Redis, an in-memory data store',
      tags: ['redis', 'cache'],
      plans: [
        definePlan({
          id: 'c1f7a5c4-2e4b-4a0a-b9a6-4b6f4b1f8d44',
          name: 'small',
          description: 'A server of its own with 256 MiB of memory',
        }),
        definePlan({
          id: 'd2a8b6d5-3f5c-4b1b-8ab7-5c7a5c2a9e55',
          name: 'large',
          description: 'A server of its own with 2 GiB of memory',
          free: false,
        }),
      ],
    }),
  ]
}
