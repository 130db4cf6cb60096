import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelModel, connect as connectAmqp } from 'amqplib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reconnectLoop } from '../../../test/support/reconnect-loop.js'
import { testImage, whyNoImage } from '../../../test/support/test-image.js'
import { descriptionOf, testInstance } from '../../../test/support/test-instance.js'
import { dockerEngine } from '../../engine/docker/docker-engine.js'
import { rabbitmqRecipe } from './rabbitmq-recipe.js'

interface Credentials {
  readonly uri: string
}

const reason = await whyNoImage('rabbitmq')
const engine = dockerEngine()
const recipe = rabbitmqRecipe({
  image: testImage('rabbitmq'),
  plans: {
    small: { storageMb: 1, memoryMb: 384, pids: 256, connections: 10, connectionsPerBinding: 3 },
    large: { memoryMb: 512, pids: 256, connections: 20, connectionsPerBinding: 3 },
    broken: { pids: 2 },
  },
})
const instance = testInstance(recipe, engine, 'small')
const connections: ChannelModel[] = []

async function connect({ uri }: Credentials): Promise<ChannelModel> {
  const connection = await connectAmqp(uri, { timeout: 10_000 })
  connection.on('error', () => {})
  connections.push(connection)
  return connection
}

/** Opens a channel on a connection of its own, and closes both. */
async function channel<T>(
  credentials: Credentials,
  body: (on: Awaited<ReturnType<ChannelModel['createConfirmChannel']>>) => Promise<T>,
): Promise<T> {
  const connection = await connect(credentials)
  try {
    const opened = await connection.createConfirmChannel()
    opened.on('error', () => {})
    return await body(opened)
  } finally {
    // The close of a connection that was cut a moment ago may never end.
    await Promise.race([connection.close().catch(() => {}), sleep(5_000, undefined, { ref: false })])
  }
}

const send = (credentials: Credentials, queue: string, text: string) =>
  channel(credentials, async (opened) => {
    await opened.assertQueue(queue, { durable: true })
    opened.sendToQueue(queue, Buffer.from(text), { persistent: true })
    await opened.waitForConfirms()
  })
const receive = (credentials: Credentials, queue: string) =>
  channel(credentials, async (opened) => {
    const message = await opened.get(queue, { noAck: true })
    return message === false ? undefined : message.content.toString()
  })

describe('the rabbitmq recipe on a Docker engine', { timeout: 240_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    if (reason === undefined) await instance.provision()
  }, 180_000)
  afterAll(async () => {
    if (reason !== undefined) return
    await Promise.allSettled(connections.map((connection) => connection.close()))
    await instance.deprovision()
  }, 120_000)

  it('lets what one app sent outlive its binding, and ends its connections', async () => {
    const [one, other] = [await instance.bind<Credentials>('one'), await instance.bind<Credentials>('other')]
    const reader = await instance.bind<Credentials>('reader', { read_only: true })
    await send(one, 'orders', 'first')
    await send(other, 'orders', 'second')
    expect(await receive(reader, 'orders')).toBe('first')
    await expect(send(reader, 'orders', 'x')).rejects.toThrow(/ACCESS_REFUSED|access/)

    const session = await connect(one)
    const closed = new Promise((resolve) => session.once('close', resolve))
    const loop = reconnectLoop(() => channel(one, async () => {}))
    await expect.poll(() => loop.counts().successes, { timeout: 10_000 }).toBeGreaterThan(0)
    await instance.unbind('one')
    await sleep(50)
    const { successes } = loop.counts()
    await sleep(500)
    expect((await loop.stop()).successes, 'the loop got in after the unbind').toBe(successes)
    await closed
    await expect(connect(one)).rejects.toThrow(/ACCESS[-_]REFUSED|access refused|closed/i)
    await instance.unbind('one')
    expect(await receive(other, 'orders')).toBe('second')
  })

  it('holds the connections of a binding, and lets nobody in without one', async () => {
    const one = await instance.bind<Credentials>('bound')
    const open = [await connect(one), await connect(one), await connect(one)]
    await expect(connect(one)).rejects.toThrow(/ConnectionClose|NOT[-_]ALLOWED|limit|closed/i)
    for (const connection of open) await connection.close()
    for (const login of ['guest:guest', 'osbadmin:osbadmin']) {
      await expect(connect({ uri: one.uri.replace(/\/\/[^@]+/, `//${login}`) })).rejects.toThrow()
    }
    await expect(connect({ uri: one.uri.replace(/\/[^/]+$/, '/%2F') })).rejects.toThrow()
  })

  it('is held to its storage: over it nobody publishes, but all consume, and below it all publish again', async () => {
    const one = await instance.bind<Credentials>('storing')
    for (const letter of ['x', 'y']) await send(one, 'big', letter.repeat(700_000))
    expect(await instance.holdStorage()).toMatchObject([{ restricted: true, boundBytes: 1024 * 1024 }])
    await expect(send(one, 'big', 'x')).rejects.toThrow(/ACCESS_REFUSED/)
    const consumed = channel(one, async (opened) => opened.get('big', { noAck: true }))
    expect((await consumed) && 'a message').toBe('a message')
    await expect.poll(() => instance.holdStorage(), { timeout: 20_000 }).toMatchObject([{ restricted: false }])
    await send(one, 'big', 'x')
  })

  it('keeps queues and logins over a restart, a change of its plan and a plan that does not work', async () => {
    const one = await instance.bind<Credentials>('kept')
    await send(one, 'kept', 'a message')
    await send(one, 'kept', 'another')
    await engine.stopContainer(instance.names.container)
    await engine.startContainer(instance.names.container)
    await expect.poll(() => receive(one, 'kept').catch(String), { timeout: 60_000 }).toBe('a message')
    await instance.update('large')
    expect(await descriptionOf(instance.update('broken'))).toMatch(/ended while it started|not ready|Docker/)
    expect(await receive(one, 'kept')).toBe('another')
  })
})
