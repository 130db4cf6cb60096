import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Certificates, makeCertificates } from '../../../test/support/certificates.js'
import { testImage, whyNoImage } from '../../../test/support/test-image.js'
import { testService } from '../contract/harness.js'
import { dockerEngine } from './docker-engine.js'

const reason = await whyNoImage('redis')
const engine = dockerEngine()
const service = testService({ engine: dockerEngine, image: testImage('redis'), folder: tmpdir(), run: randomUUID() })
const sleeping = { ...service.containerSpec(testImage('redis')), process: () => ({ command: ['sleep', '600'] }) }

/** A door to the engine's socket that only those open who show a certificate of the authority. */
async function tlsDoor({ authority, server }: Certificates): Promise<Server> {
  const options = { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true }
  const door = createServer(options, (outside) => {
    const inside = connect({ path: '/var/run/docker.sock', allowHalfOpen: true })
    outside.pipe(inside).pipe(outside)
    for (const side of [outside, inside]) {
      side.on('error', () => {})
      side.once('close', () => {
        outside.destroy()
        inside.destroy()
      })
    }
  })
  door.on('tlsClientError', () => {})
  await once(door.listen({ host: '127.0.0.1', port: 0 }), 'listening')
  return door
}

describe('calls to the Docker engine', { timeout: 60_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason !== undefined) return
    await engine.ensureNetwork(service.network)
    const common = { labels: service.own, owner: { uid: 999, gid: 999 }, image: testImage('redis') }
    await engine.ensureVolumes(sleeping.mounts.map(({ volume }) => ({ ...common, name: volume })))
    await engine.ensureContainer(sleeping)
  }, 60_000)
  afterAll(async () => {
    if (reason === undefined) await service.remove(engine)
  }, 60_000)

  it('a command whose call is aborted ends inside of the container, with what it started', async () => {
    const sleeps = async () => (await engine.exec(service.name, ['ps', '-o', 'args'])).stdout.match(/sleep 4\d\d$/gm)
    const controller = new AbortController()
    const lines = ['sh', '-c', 'sleep 401 & sleep 402; echo never']
    const call = engine.exec(service.name, lines, { signal: controller.signal })
    await expect.poll(async () => (await sleeps())?.length, { timeout: 10_000 }).toBe(2)
    controller.abort(new Error('no longer wanted'))
    await expect(call).rejects.toThrow('no longer wanted')
    await expect.poll(sleeps, { timeout: 10_000 }).toBeNull()
    expect((await engine.inspectContainer(service.name))?.state, 'the service itself goes on').toBe('running')
  })

  describe('by TCP', () => {
    let certificates: Certificates
    let door: Server
    beforeAll(async () => {
      if (reason !== undefined) return
      certificates = await makeCertificates()
      door = await tlsDoor(certificates)
    }, 60_000)
    afterAll(() => door?.close())

    const engineWith = (pair: 'client' | 'stranger', ca: 'authority' | 'stranger' = 'authority') => {
      const { port } = door.address() as AddressInfo
      return dockerEngine({ tcp: { host: '127.0.0.1', port, ca: certificates[ca].cert, ...certificates[pair] } })
    }

    it('works with client certificates, a long input to a command included', async () => {
      const far = engineWith('client')
      expect((await far.info()).description).toMatch(/^Docker \d/)
      expect((await far.inspectContainer(service.name))?.state).toBe('running')
      const stdin = 'x'.repeat(300_000)
      expect((await far.exec(service.name, ['wc', '-c'], { stdin })).stdout.trim()).toBe('300000')
    })

    it('is refused without a certificate of the authority, and refuses an engine of another one', async () => {
      await expect(engineWith('stranger').info()).rejects.toThrow(/Docker/)
      await expect(engineWith('client', 'stranger').info()).rejects.toMatchObject({ code: 'ENGINE_FAILED' })
    })
  })
})
