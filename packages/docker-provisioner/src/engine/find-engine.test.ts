import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dockerEngine } from './docker/docker-engine.js'
import { findEngine } from './find-engine.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-find-'))
  vi.stubEnv('DOCKER_HOST', `unix://${join(folder, 'none.sock')}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

describe('findEngine', () => {
  it('takes the embedded engine where no Docker answers, or where it is asked for', async () => {
    expect((await findEngine({ folder })).kind).toBe('embedded')
    expect((await findEngine({ folder, engine: 'embedded' })).kind).toBe('embedded')
  })

  it('says DOCKER_UNREACHABLE where Docker is asked for and does not answer', async () => {
    const error: unknown = await findEngine({ folder, engine: 'docker' }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'DOCKER_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(/no Docker engine answers/),
    })
  })
})

describe('an engine that is lost', () => {
  const socketPath = () => join(folder, 'docker.sock')

  it('is DOCKER_UNREACHABLE when it cuts the connection', async () => {
    const server = createServer((socket) => socket.destroy()).listen(socketPath())
    await expect(dockerEngine({ socketPath: socketPath() }).list()).rejects.toMatchObject({
      code: 'DOCKER_UNREACHABLE',
    })
    server.close()
  })

  it('is TIMEOUT when it takes the connection and says nothing', async () => {
    const server = createServer(() => {}).listen(socketPath())
    const call = dockerEngine({ socketPath: socketPath() }).info({ timeoutMs: 200 })
    await expect(call).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true })
    server.close()
  })
})
