import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { definePlan } from 'osb-server'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { dockerEngine } from '../engine/docker/docker-engine.js'
import { openDocker } from '../engine/docker/docker-client.js'
import { dockerOffering } from '../offering/docker-offering.js'
import { whyNoDocker } from '../../test/support/docker-answers.js'
import { redisRecipe } from './redis-recipe.js'

const image = process.env['OSB_REDIS_IMAGE'] ?? 'redis:8'

async function whyNot(): Promise<string | undefined> {
  const noDocker = await whyNoDocker()
  if (noDocker !== undefined) return noDocker
  return (await openDocker().hasImage(image)) ? undefined : `the image ${image} is not on the engine`
}

const reason = await whyNot()
const engine = dockerEngine()
const ids = { service_id: 's', plan_id: 'p', plan_name: 'small', instance_id: randomUUID(), parameters: {} }
const context = () => ({
  tenant: '',
  signal: AbortSignal.timeout(90_000),
  attempt: 1,
  fencingToken: 1,
  progress: async () => {},
  checkpointed: undefined,
  checkpoint: async () => {},
})
const plan = definePlan({ id: 'p', name: 'small', description: 'for tests' })
const offering = dockerOffering(redisRecipe({ image }), {
  engine,
  id: 's',
  name: 'redis',
  description: 'for tests',
  plans: [plan],
})

interface Login {
  readonly port: number
  readonly username: string
  readonly password: string
}

/** Logs in and sends commands; the raw answers. */
function talk({ port, username, password }: Login, ...commands: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.once('error', reject)
    socket.once('close', () => resolve(text))
    socket.write([`AUTH ${username} ${password}`, ...commands, 'QUIT', ''].join('\r\n'))
  })
}

describe('the redis recipe on a Docker engine', () => {
  beforeEach((test) => {
    if (reason !== undefined) test.skip(reason)
  })
  afterAll(async () => {
    if (reason === undefined)
      await offering.deprovision({ ...context(), ...ids, instance: { ...ids, state: undefined } })
  })

  it('gives each binding a user without administration, and takes it away', { timeout: 120_000 }, async () => {
    const { state } = await offering.provision({ ...context(), ...ids })
    const instance = { ...ids, state }
    const bind = async (binding_id: string) => {
      const result = await offering.bind?.({ ...context(), ...ids, binding_id, instance })
      return result?.credentials as unknown as Login
    }
    const [one, other] = [await bind('one'), await bind('other')]
    expect(await talk(one, 'SET k v', 'ACL LIST', 'CONFIG GET *')).toMatch(/^\+OK\r\n\+OK\r\n-NOPERM.*\r\n-NOPERM/)
    expect(await talk(other, 'GET k')).toMatch(/\$1\r\nv\r\n/)
    await offering.unbind?.({ ...context(), ...ids, binding_id: 'one', instance, bindingState: undefined })
    expect(await talk(one, 'GET k')).toMatch(/^-WRONGPASS/)
    expect(await talk(other, 'GET k')).toMatch(/\$1\r\nv\r\n/)
  })
})
