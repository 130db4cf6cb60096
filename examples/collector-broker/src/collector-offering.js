import { collectorRecipe, dockerOffering } from 'docker-provisioner'
import { definePlan } from 'osb-server'

/**
 * The collector of `examples/collector-service`, in two sizes.
 * @param {import('docker-provisioner').Engine} engine
 * @param {string} folder the program's folder
 */
export function collectorOffering(engine, folder) {
  return dockerOffering(collectorRecipe({ folder }), {
    engine,
    id: '5e9e4c5f-4b2f-4a3c-9c1e-0d6c1d0d8a01',
    name: 'collector',
    description: 'Stores records and gives them back, over REST',
    tags: ['collector', 'rest'],
    plans: [
      definePlan({
        id: 'b7a3f1a0-6f58-4c0c-8a9a-6f7f3a6f2b11',
        name: 'normal',
        description: 'A collector of its own with 256 MiB of memory',
      }),
      definePlan({
        id: 'e0a4a9f2-8f0b-4c57-a7a5-1f0f3f7d2c22',
        name: 'large',
        description: 'A collector of its own with 1 GiB of memory',
        free: false,
      }),
    ],
  })
}
