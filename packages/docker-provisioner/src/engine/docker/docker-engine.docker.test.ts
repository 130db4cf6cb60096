import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, it } from 'vitest'
import { nodeImage } from '../../images/node-image.js'
import { whyNoDocker } from '../../../test/support/docker-answers.js'
import { engineContract } from '../contract/engine-contract.js'
import { dockerEngine } from './docker-engine.js'

const run = randomUUID()
const reason = await whyNoDocker()
const folder = fileURLToPath(new URL('../../../../../examples/collector-service', import.meta.url))
const image = nodeImage({ name: 'collector', folder, include: ['package.json', 'src'] })

describe('the Docker engine', () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterAll(async () => {
    if (reason !== undefined) return
    const engine = dockerEngine()
    for (const resource of await engine.list({ 'osb.test-run': run })) await engine.remove(resource)
  })

  for (const { name, only, run: runCase } of engineContract) {
    if (only === 'embedded') continue
    it(name, { timeout: 120_000 }, () => runCase({ engine: dockerEngine, image, folder: tmpdir(), run }))
  }
})
