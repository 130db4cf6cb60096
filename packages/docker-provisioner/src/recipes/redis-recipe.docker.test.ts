import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reconnectLoop } from '../../test/support/reconnect-loop.js'
import { testImage, whyNoImage } from '../../test/support/test-image.js'
import { descriptionOf, testInstance } from '../../test/support/test-instance.js'
import { dockerEngine } from '../engine/docker/docker-engine.js'
import { redisRecipe } from './redis-recipe.js'

interface Credentials {
  readonly uri: string
}

const reason = await whyNoImage('redis')
const engine = dockerEngine()
const recipe = redisRecipe({
  image: testImage('redis'),
  plans: {
    small: { memoryMb: 64, cpus: 1, pids: 64, connections: 4 },
    large: { memoryMb: 128, cpus: 1, pids: 64 },
    broken: { pids: 1 },
  },
})
const instance = testInstance(recipe, engine, 'small')
const clients: Redis[] = []

async function connect({ uri }: Credentials): Promise<Redis> {
  const client = new Redis(uri, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  clients.push(client)
  await client.connect()
  await client.ping()
  return client
}

async function call(credentials: Credentials, name: string, ...args: string[]): Promise<unknown> {
  const client = await connect(credentials)
  try {
    return await client.call(name, ...args)
  } finally {
    client.disconnect()
  }
}

describe('the redis recipe on a Docker engine', { timeout: 120_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason === undefined) await instance.provision()
  }, 120_000)
  afterAll(async () => {
    if (reason !== undefined) return
    for (const client of clients) client.disconnect()
    await instance.deprovision()
  }, 120_000)

  it('lets what one app wrote outlive its binding, and ends its sessions', async () => {
    const [one, other] = [await instance.bind<Credentials>('one'), await instance.bind<Credentials>('other')]
    const reader = await instance.bind<Credentials>('reader', { read_only: true })
    const session = await connect(one)
    await session.set('key', 'value')
    expect(await call(reader, 'GET', 'key')).toBe('value')
    await expect(call(reader, 'SET', 'key', 'x')).rejects.toThrow(/NOPERM/)

    const loop = reconnectLoop(() => call(one, 'PING').then(() => {}))
    await expect.poll(() => loop.counts().successes, { timeout: 10_000 }).toBeGreaterThan(0)
    await instance.unbind('one')
    await sleep(50)
    const { successes } = loop.counts()
    await sleep(300)
    expect((await loop.stop()).successes, 'the loop got in after the unbind').toBe(successes)
    await expect(session.ping()).rejects.toThrow()
    await expect(connect(one)).rejects.toThrow(/WRONGPASS|closed/)
    await instance.unbind('one')
    expect(await call(other, 'GETDEL', 'key')).toBe('value')
  })

  it.each([
    ['ACL', 'LIST'],
    ['ACL', 'SETUSER', 'x', 'on'],
    ['CONFIG', 'GET', '*'],
    ['SHUTDOWN'],
    ['FLUSHALL'],
    ['MODULE', 'LIST'],
    ['REPLICAOF', 'host', '1'],
    ['CLIENT', 'KILL', 'ID', '1'],
  ])('a bound user may not: %s %s', async (name, ...args) => {
    await expect(call(await instance.bind('bound'), name, ...args)).rejects.toThrow(/NOPERM/)
  })

  it('holds the memory and the connections of its plan', async () => {
    const one = await instance.bind<Credentials>('bound')
    expect(await call(one, 'INFO', 'memory')).toContain(`maxmemory:${38 * 1024 * 1024}`)
    const open: Redis[] = []
    await expect(
      (async () => {
        for (let count = 0; count < 10; count++) open.push(await connect(one))
      })(),
    ).rejects.toThrow()
    expect(open.length).toBeLessThanOrEqual(6)
    for (const client of open) client.disconnect()
  })

  it('has its port, its logins and its data after the engine restarted the container', async () => {
    const one = await instance.bind<Credentials>('bound')
    await call(one, 'SET', 'kept', '5')
    await engine.stopContainer(instance.names.container)
    await engine.startContainer(instance.names.container)
    await expect.poll(() => call(one, 'GET', 'kept').catch(String), { timeout: 30_000 }).toBe('5')
  })

  it('changes its plan with its data, and comes back from a plan that does not work', async () => {
    const one = await instance.bind<Credentials>('moved')
    await call(one, 'SET', 'moved', '9')
    await instance.update('large')
    expect(await call(one, 'INFO', 'memory')).toContain(`maxmemory:${76 * 1024 * 1024}`)
    expect(await descriptionOf(instance.update('broken'))).toMatch(/ended while it started|not ready|Docker/)
    expect(await call(one, 'INFO', 'memory')).toContain(`maxmemory:${76 * 1024 * 1024}`)
    expect(await call(one, 'GET', 'moved')).toBe('9')
    expect(await call(await instance.bind('later'), 'GET', 'moved')).toBe('9')
  })
})
