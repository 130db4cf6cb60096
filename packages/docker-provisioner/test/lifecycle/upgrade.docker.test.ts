import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { archive } from '../../src/images/archive.js'
import { dockerEngine, labels, redisRecipe, type RecipeVersions } from '../../src/index.js'
import { redisCall } from '../chaos/redis-login.js'
import { testImage, whyNoImage } from '../support/test-image.js'
import { testInstance } from '../support/test-instance.js'

const reason = await whyNoImage('redis')
const engine = dockerEngine()
const broker = `upgrade-${randomUUID()}`
const newImage = 'osb-local/redis-upgraded:1'
const plans = { small: { memoryMb: 48, pids: 64 }, large: { memoryMb: 64, pids: 64 } }
const recipeOf = (image: string, versions: RecipeVersions) => redisRecipe({ image, versions, plans })
const first = recipeOf(testImage('redis'), { current: '7.0.0', sameDataFormat: [] })
const second = recipeOf(newImage, { current: '7.2.0', sameDataFormat: ['7.0.0'], description: 'a newer Redis' })

interface Credentials {
  readonly uri: string
}

describe('an upgrade to another image', { timeout: 120_000 }, () => {
  const made = testInstance(first, engine, 'small', { broker })
  let credentials: Credentials
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason !== undefined) return
    const dockerfile = { name: 'Dockerfile', text: `FROM ${testImage('redis')}\nLABEL version=2\n` }
    const tar = () => Readable.from(archive([dockerfile]))
    await engine.ensureImage(async () => ({ reference: newImage, kind: 'context', tar }))
    await made.provision()
    credentials = await made.bind<Credentials>('app')
    await redisCall(credentials, 'SET', 'key', 'durable')
  }, 60_000)
  afterAll(async () => {
    if (reason !== undefined) return
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
  }, 60_000)

  /** Its image, and how many volumes it has. */
  async function found() {
    const status = await engine.inspectContainer(made.names.container)
    const all = await engine.list({ [labels.instance]: made.names.instance })
    const count = (kind: string) => all.filter((resource) => resource.kind === kind).length
    return { image: status?.labels[labels.image], containers: count('container'), volumes: count('volume') }
  }
  const upgrade = (recipe: typeof first, version: string, plan = 'small') =>
    testInstance(recipe, engine, 'small', { broker, of: made }).update(plan, {}, undefined, undefined, { version })

  it('from a version that does not share its data format is refused with 422 and the reason', async () => {
    const other = recipeOf(newImage, { current: '9.0.0', sameDataFormat: ['8.0.0'] })
    await expect(upgrade(other, '9.0.0')).rejects.toMatchObject({
      status: 422,
      body: {
        description: expect.stringMatching(/has version 7\.0\.0 of redis.*cannot be taken along to 9\.0\.0/) as string,
        instance_usable: true,
        update_repeatable: false,
      },
    })
    const disk = redisRecipe({ image: testImage('redis'), plans: { ...plans, large: { diskMb: 100 } } })
    const moved = testInstance(disk, engine, 'small', { broker, of: made }).update('large')
    await expect(moved).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('another disk') as string,
    })
    expect(await redisCall(credentials, 'GET', 'key')).toBe('durable')
    expect(await found()).toEqual({ image: testImage('redis'), containers: 1, volumes: 2 })
  })

  it('that fails brings the old image back, and the data as they were before it', async () => {
    const destroying = {
      ...second,
      process: () => ({ command: ['sh', '-c', 'rm -rf /data/*; echo lost >/data/lost; exit 1'] }),
    }
    await expect(upgrade(destroying, '7.2.0')).rejects.toMatchObject({
      body: { description: expect.stringContaining('ended while it started') as string, instance_usable: true },
    })
    expect(await redisCall(credentials, 'GET', 'key')).toBe('durable')
    const { stdout } = await engine.exec(made.names.container, ['ls', '/data'])
    expect(stdout).not.toContain('lost')
    expect(await found()).toEqual({ image: testImage('redis'), containers: 1, volumes: 2 })
  })

  it('takes the data along, also when the broker dies while it copies them, and leaves no copy', async () => {
    const died = new AbortController()
    const dying = testInstance(second, engine, 'small', { broker, of: made }).update(
      'small',
      {},
      died.signal,
      async (text) => {
        if (text.startsWith('copying')) died.abort(new Error('the broker died'))
      },
      { version: '7.2.0' },
    )
    await expect(dying).rejects.toThrow('the broker died')
    await upgrade(second, '7.2.0')
    expect(await redisCall(credentials, 'GET', 'key')).toBe('durable')
    expect(await found()).toEqual({ image: newImage, containers: 1, volumes: 2 })
    await upgrade(second, '7.2.0', 'large')
    expect(await redisCall(credentials, 'GET', 'key')).toBe('durable')
  })
})
