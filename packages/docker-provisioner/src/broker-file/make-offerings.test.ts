import { expect, it } from 'vitest'
import { embeddedEngine } from '../engine/embedded/embedded-engine.js'
import { makeOfferings, recipeOf } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import { brokerFileSchema } from './schema.js'

const versions = { current: '17.2.0', sameDataFormat: ['17.0.0'], description: 'a newer PostgreSQL' }

function load(plan: object): LoadedBrokerFile {
  const config = brokerFileSchema.parse({
    name: 'test',
    listen: { port: '0' },
    login: { username: 'platform' },
    store: { sqlite: './broker.db' },
    offerings: [
      {
        recipe: 'postgresql',
        id: 'pg',
        name: 'postgresql',
        description: 'PostgreSQL',
        versions,
        plans: [{ id: 'small', name: 'small', description: 'Small', ...plan }],
      },
    ],
  })
  return { config, password: '', encryptionKey: '', path: (relative) => relative, issue: notAsked }
}

/** Nothing here looks for mistakes. */
function notAsked(): never {
  throw new Error('nothing has to be said of this file')
}

it("a plan shows the version of its recipe's image, by which platforms offer upgrades", () => {
  const [offering] = makeOfferings(load({}), embeddedEngine({ folder: '/nowhere' }))
  const { current: version, description } = versions
  expect(offering?.plans[0]?.maintenance_info).toEqual({ version, description })
})

it('bounds of storage and disk reach the recipe', () => {
  const { config, path } = load({ storageMb: 100, diskMb: 200 })
  const [offering] = config.offerings
  expect(offering && recipeOf(offering, path).plans['small']).toMatchObject({ storageMb: 100, diskMb: 200 })
})
