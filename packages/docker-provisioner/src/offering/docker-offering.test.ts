import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definePlan } from 'osb-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedEngine } from '../engine/embedded/embedded-engine.js'
import { collectorRecipe } from '../recipes/collector-recipe.js'
import { dockerOffering } from './docker-offering.js'
import { offeringCases } from '../../test/support/offering-cases.js'

describe.skipIf(process.platform === 'win32')('an offering on the embedded engine', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-offering-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  offeringCases(() => embeddedEngine({ folder }))
})

it('a plan that the recipe does not have is refused at start', () => {
  const plans = [definePlan({ id: 'p', name: 'huge', description: 'Huge' })]
  const properties = { engine: embeddedEngine({ folder: '.' }), id: 's', name: 'collector', description: 'd', plans }
  // A catalog from data is not held back by the types.
  const make = dockerOffering as (recipe: object, options: object) => unknown
  expect(() => make(collectorRecipe({ folder: '.' }), properties)).toThrow(
    'recipe collector has no plan huge; it has normal',
  )
})
