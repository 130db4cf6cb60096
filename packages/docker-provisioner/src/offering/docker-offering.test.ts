import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { embeddedEngine } from '../engine/embedded/embedded-engine.js'
import { offeringCases } from '../../test/support/offering-cases.js'

describe.skipIf(process.platform === 'win32')('an offering on the embedded engine', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-offering-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  offeringCases(() => embeddedEngine({ folder }))
})
