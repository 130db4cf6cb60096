import { beforeEach, describe, vi } from 'vitest'
import { dockerEngine } from '../engine/docker/docker-engine.js'
import { whyNoDocker } from '../../test/support/docker-answers.js'
import { offeringCases } from '../../test/support/offering-cases.js'

const reason = await whyNoDocker()
vi.setConfig({ testTimeout: 120_000 })

describe('an offering on a Docker engine', () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  offeringCases(() => dockerEngine())
})
