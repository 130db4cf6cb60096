import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { archive } from '../../src/images/archive.js'
import { containerRecipe, dockerEngine, healthy, inspectInstance, labels, redisRecipe } from '../../src/index.js'
import { testImage, whyNoImage } from '../support/test-image.js'
import { descriptionOf, testInstance } from '../support/test-instance.js'

const execute = promisify(execFile)
const reason = await whyNoImage('redis')
const broker = `reach-${randomUUID()}`
const network = `osb-test-${randomUUID()}`
const plans = { small: { memoryMb: 48, pids: 64 } }

describe('services on Docker', { timeout: 120_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason === undefined) await execute('docker', ['network', 'create', '--subnet', '10.216.77.0/28', network])
  }, 30_000)
  afterAll(async () => {
    if (reason !== undefined) return
    const engine = dockerEngine()
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
    await execute('docker', ['network', 'rm', network])
  }, 60_000)

  it('by a network alone have no port on the host, and are reached by name from containers of it', async () => {
    const engine = dockerEngine({ network })
    const instance = testInstance(redisRecipe({ image: testImage('redis'), plans }), engine, 'small', { broker })
    await instance.provision()
    const { host, port, ...login } = await instance.bind<
      Record<'host' | 'username' | 'password' | 'uri', string> & { port: number }
    >('app')
    expect([host, port]).toEqual([instance.names.container, 6379])
    const { stdout: inspected } = await execute('docker', ['inspect', instance.names.container])
    expect(JSON.parse(inspected)).toMatchObject([{ HostConfig: { PortBindings: {}, NetworkMode: network } }])
    const kinds = (await engine.list({ [labels.instance]: instance.names.instance })).map(({ kind }) => kind)
    expect(kinds.toSorted(), 'no network of its own').toEqual(['container', 'volume', 'volume'])

    const client = ['run', '--rm', '--network', network, '--entrypoint', 'redis-cli', testImage('redis')]
    const { stdout } = await execute('docker', [...client, '-u', login.uri, 'PING'])
    expect(stdout.trim()).toBe('PONG')

    const found = await inspectInstance(engine, instance.ids().instance_id, { lines: 5 })
    expect(found?.stats?.memoryBytes).toBeGreaterThan(1024 * 1024)
    expect(found?.logs.length).toBeGreaterThan(0)
    expect(await inspectInstance(engine, 'nobody')).toBeUndefined()
    await instance.update('small')
    await instance.deprovision()
  })

  it("wait for the image's own health check, and take secrets by the environment where the recipe says so", async () => {
    const engine = dockerEngine()
    const image = 'osb-local/redis-health:1'
    // The check looks for the secret, so `healthy` proves that it came in.
    const check = 'HEALTHCHECK --interval=1s CMD test "${#ADMIN}" -eq 43 && redis-cli ping'
    const dockerfile = { name: 'Dockerfile', text: `FROM ${testImage('redis')}\n${check}\n` }
    await engine.ensureImage(async () => ({
      reference: image,
      kind: 'context',
      tar: () => Readable.from(archive([dockerfile])),
    }))
    const options = {
      name: 'healthy',
      image,
      ports: { redis: 6379 },
      secrets: ['admin'],
      env: { ADMIN: '{{secrets.admin}}' },
      command: ['redis-server', '--save', '', '--dir', '/tmp'],
      ready: healthy(),
      plans,
      credentials: { port: '{{ports.redis}}' },
    }
    const refused = testInstance(containerRecipe(options), engine, 'small', { broker })
    expect(await descriptionOf(refused.provision())).toContain('no variable {{secrets.admin}}')

    const instance = testInstance(containerRecipe({ ...options, secretsInEnvironment: true }), engine, 'small', {
      broker,
    })
    await instance.provision()
    expect((await engine.inspectContainer(instance.names.container))?.health).toBe('healthy')
    await instance.deprovision()

    const without = containerRecipe({ ...options, env: {}, image: testImage('redis'), readyTimeoutMs: 500 })
    const never = testInstance(without, engine, 'small', { broker })
    const { health } = JSON.parse(
      (
        await execute('docker', [
          'image',
          'inspect',
          testImage('redis'),
          '--format',
          '{"health":{{json .Config.Healthcheck}}}',
        ])
      ).stdout,
    ) as { health: unknown }
    if (health === null) expect(await descriptionOf(never.provision())).toContain('the image has no health check')
  })
})
