import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeImage } from '../../images/node-image.js'
import { whyNoDocker } from '../../../test/support/docker-answers.js'
import { collectorFolder } from '../../../test/support/offering-cases.js'
import { testService } from '../contract/harness.js'
import { candidatePorts, defaultPortRange } from '../ports.js'
import { openDocker } from './docker-client.js'
import { dockerEngine } from './docker-engine.js'
import { ensureDockerContainer } from './ensure-container.js'

const image = nodeImage({ name: 'collector', folder: collectorFolder, include: ['package.json', 'src'] })
const reason = await whyNoDocker()

describe('ensureDockerContainer', () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })

  it("goes on to the next port when the engine's own start finds one taken", { timeout: 60_000 }, async () => {
    const engine = dockerEngine()
    const service = testService({ engine: dockerEngine, image, folder: tmpdir(), run: randomUUID() })
    const [first = 0, second = 0] = candidatePorts(service.name, defaultPortRange)
    const other = createServer().listen(first, '127.0.0.1')
    await once(other, 'listening')
    try {
      await service.ensure(engine)
      const spec = service.containerSpec(await engine.ensureImage(image))
      await engine.remove({ kind: 'container', name: service.name })
      const host = '127.0.0.1'
      const publishing = { host, advertised: host, probe: host, range: defaultPortRange, local: false }
      const status = await ensureDockerContainer(openDocker(), spec, publishing, AbortSignal.timeout(50_000))
      expect(status).toMatchObject({ state: 'running', ports: { http: second } })
    } finally {
      other.close()
      await service.remove(engine)
    }
  })
})
