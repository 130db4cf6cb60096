import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { command, labels, redisRecipe } from '../../src/index.js'
import { testImage, whyNoImage } from '../support/test-image.js'
import { testInstance } from '../support/test-instance.js'
import { secondEngine, whyNoSecondEngine } from './second-engine.js'

const reason = (await whyNoImage('redis')) ?? whyNoSecondEngine()
const image = testImage('redis')
const recipe = redisRecipe({ image, plans: { small: { memoryMb: 48, pids: 64 }, large: { memoryMb: 64, pids: 64 } } })

interface Credentials {
  readonly username: string
  readonly password: string
  readonly port: number
}

describe('a Docker engine that is lost', { timeout: 120_000 }, () => {
  let second: Awaited<ReturnType<typeof secondEngine>>
  let folder: string
  beforeEach(async (context) => {
    if (reason !== undefined) context.skip(reason)
    await second.start()
  })
  beforeAll(async () => {
    if (reason !== undefined) return
    folder = await mkdtemp(join(tmpdir(), 'osb-loss-'))
    second = await secondEngine()
    await second.start()
    const archive = join(folder, 'redis.tar')
    await promisify(execFile)('docker', ['save', '--output', archive, image])
    await second.engine.ensureImage({ reference: image, archive })
  }, 120_000)
  afterAll(async () => {
    if (reason !== undefined) return
    await second.remove()
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  /** Its ports are those of another network, so what needs them is asked beside the service. */
  const inside = { ...recipe, ready: command(['redis-cli', 'ping'], { expect: /NOAUTH|PONG/ }) }
  const newInstance = () => testInstance(inside, second.engine, 'small')
  type Instance = ReturnType<typeof newInstance>

  async function redis(instance: Instance, { username, password }: Credentials, ...lines: string[]) {
    const stdin = [`AUTH ${username} ${password}`, ...lines, ''].join('\n')
    const { stdout } = await second.engine.exec(instance.names.container, ['redis-cli'], { stdin })
    return stdout.trim().split('\n').slice(1)
  }
  const containersOf = async ({ names }: Instance) => {
    const found = await second.engine.list({ [labels.instance]: names.instance })
    return found.filter(({ kind }) => kind === 'container').map(({ name }) => name)
  }

  it('a provision and an update go on where they were when it is there again, with all data', async () => {
    const instance = newInstance()
    const said: string[] = []
    /** Kills the engine at a step, and starts it again when the operation says that it waits for it. */
    const losingIt = (step: string) => {
      let restarted: Promise<void> | undefined
      return async (text: string) => {
        said.push(text)
        if (text.startsWith(step) && restarted === undefined) {
          restarted = Promise.resolve()
          await second.kill()
        } else if (text.includes('waiting for the Docker engine')) restarted = second.start()
        await restarted
      }
    }
    await instance.provision({ progress: losingIt('waiting until') })
    expect(said).toContain('waiting for the Docker engine, which does not answer')
    const credentials = await instance.bind<Credentials>('app')
    expect(await redis(instance, credentials, 'SET key durable')).toEqual(['OK'])

    for (const [plan, step] of [
      ['large', 'waiting until'],
      ['small', 'replacing'],
    ] as const) {
      said.length = 0
      await instance.update(plan, {}, undefined, losingIt(step))
      expect(said).toContain('waiting for the Docker engine, which does not answer')
      expect(await redis(instance, credentials, 'GET key')).toEqual(['durable'])
      expect(await containersOf(instance)).toEqual([instance.names.container])
      const status = await second.engine.inspectContainer(instance.names.container)
      expect(status?.labels[labels.planId]).toBe(`plan-${plan}`)
      expect(status?.ports['redis']).toBe(credentials.port)
    }
    await instance.deprovision()
  })

  it('an update that is given up meanwhile says so and may be repeated; the next call brings the service back', async () => {
    const instance = newInstance()
    await instance.provision()
    const credentials = await instance.bind<Credentials>('app')
    await redis(instance, credentials, 'SET key durable')
    const givenUp = new AbortController()
    const update = instance.update('large', {}, givenUp.signal, async (text) => {
      if (text.startsWith('waiting until')) await second.kill()
      if (text.includes('waiting for the Docker engine')) givenUp.abort(new Error('the broker ends'))
    })
    await expect(update).rejects.toThrow('the broker ends')
    await second.start()
    const other = await instance.bind<Credentials>('other')
    expect(await redis(instance, other, 'GET key')).toEqual(['durable'])
    expect(await containersOf(instance)).toEqual([instance.names.container])
    await instance.update('large')
    expect(await redis(instance, credentials, 'GET key')).toEqual(['durable'])
    await instance.deprovision()
  })

  it('a restart of the engine leaves ports, secrets, logins and data as they were', async () => {
    const instance = newInstance()
    await instance.provision()
    const credentials = await instance.bind<Credentials>('app')
    await redis(instance, credentials, 'SET key durable')
    const before = await second.engine.inspectContainer(instance.names.container)
    await second.stop()
    await expect(second.engine.inspectContainer(instance.names.container)).rejects.toMatchObject({
      code: 'DOCKER_UNREACHABLE',
      retryable: true,
    })
    await second.start()
    await expect
      .poll(() => redis(instance, credentials, 'GET key').catch(String), { timeout: 30_000 })
      .toEqual(['durable'])
    const after = await second.engine.inspectContainer(instance.names.container)
    expect([after?.ports, after?.state]).toEqual([before?.ports, 'running'])
    await instance.unbind('app')
    expect(await redis(instance, credentials, 'GET key')).not.toContain('durable')
    await instance.deprovision()
  })

  it('a command that runs when the engine is killed is a lost engine, and no success', async () => {
    const instance = newInstance()
    await instance.provision()
    const call = second.engine.exec(instance.names.container, ['sleep', '30'])
    const ended = expect(call).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE', retryable: true })
    await expect
      .poll(async () => (await second.engine.exec(instance.names.container, ['ps'])).stdout, { timeout: 10_000 })
      .toContain('sleep')
    await second.kill()
    await ended
    await second.start()
    await instance.deprovision()
  })
})
