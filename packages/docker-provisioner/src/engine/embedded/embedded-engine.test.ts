import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { engineContract } from '../contract/engine-contract.js'
import { embeddedEngine } from './embedded-engine.js'

describe.skipIf(process.platform === 'win32')('the embedded engine', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-embedded-'))
  })
  afterAll(async () => {
    const engine = embeddedEngine({ folder })
    for (const resource of await engine.list()) await engine.remove(resource)
    await rm(folder, { recursive: true, force: true })
  })

  for (const { name, only, run } of engineContract) {
    if (only === 'docker') continue
    it.concurrent(name, { timeout: 60_000 }, () =>
      run({ engine: () => embeddedEngine({ folder }), image: 'none', folder: tmpdir(), run: randomUUID() }),
    )
  }
})
