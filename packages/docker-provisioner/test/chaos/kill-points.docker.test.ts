import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dockerEngine, labels, reconcile } from '../../src/index.js'
import { instanceNames } from '../../src/resource-names.js'
import { platform } from '../support/platform.js'
import { testImage, whyNoImage } from '../support/test-image.js'
import { brokerProcess } from './broker-process.js'
import { redisCall, type RedisCredentials } from './redis-login.js'
import { seeded } from './seeded.js'

/** Kill points: 20 in CI, 200 by `npm run chaos`, as many as `OSB_CHAOS_POINTS` says, else a few. */
const points = Number(process.env['OSB_CHAOS_POINTS'] ?? (process.env['CI'] ? 20 : 4))
const seed = Number(process.env['OSB_CHAOS_SEED'] ?? Date.now() % 1_000_000)
const random = seeded(seed)

const reason = await whyNoImage('redis')
const engine = dockerEngine()
const name = `chaos-${randomUUID()}`
const environment = { OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64') }
const ids = { service_id: 'redis', plan_id: 'small' }
type Operation = 'provision' | 'bind' | 'update' | 'unbind' | 'deprovision'
/** About how long each takes; kills come anywhere in it and a little after. */
const usualMs: Record<Operation, number> = {
  provision: 1_500,
  bind: 400,
  update: 2_500,
  unbind: 400,
  deprovision: 1_200,
}

const file = `
name: ${name}
listen: { port: 0 }
login: { username: platform, password: platform-password }
store: { sqlite: ./broker.db }
encryptionKey: '\${OSB_ENCRYPTION_KEY}'
engine: { kind: docker }
offerings:
  - recipe: redis
    image: { reference: '${testImage('redis')}', policy: never }
    id: redis
    name: redis
    description: Redis
    plans:
      - { id: small, name: small, description: Small, memoryMb: 32, pids: 64 }
      - { id: large, name: large, description: Large, memoryMb: 64, pids: 64 }
`

interface Instance {
  readonly id: string
  plan_id: string
  readonly bindings: Map<string, RedisCredentials>
  readonly dead: RedisCredentials[]
  readonly written: string[]
}

describe('a broker that is killed', () => {
  let folder: string
  let broker: ReturnType<typeof brokerProcess>
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-chaos-'))
    await writeFile(join(folder, 'broker.yaml'), file)
    broker = brokerProcess(join(folder, 'broker.yaml'), environment)
    if (reason === undefined) await broker.start()
  }, 60_000)
  afterAll(async () => {
    await broker.kill()
    if (reason === undefined) {
      for (const resource of await engine.list({ [labels.broker]: name })) await engine.remove(resource)
    }
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  it(
    `at ${points} points of its operations (seed ${seed}) finds its way, and loses nothing`,
    { timeout: 60_000 + points * 60_000 },
    async () => {
      const { send, settle } = platform((request) => broker.fetch(request))
      const counts: Record<string, number> = {}
      let instance: Instance | undefined

      /** Sends the same request until it has ended. @returns what it ended with */
      const finish = async (method: string, path: string, body?: object): Promise<string> => {
        const { status } = await send(method, path, body)
        const [resource = ''] = path.split('?')
        return status === 202 ? settle(resource) : String(status)
      }

      for (let point = 0; point < points; point++) {
        instance ??= { id: randomUUID(), plan_id: 'small', bindings: new Map(), dead: [], written: [] }
        const { operation, method, path, body, binding, plan } = nextRequest(instance, counts)
        counts[operation] = (counts[operation] ?? 0) + 1
        const sent = send(method, path, body).catch(() => undefined)
        await sleep(random() * usualMs[operation] * 1.3)
        await broker.kill()
        await sent
        await broker.start()
        const end = await finish(method, path, body)
        const about = `point ${point}, ${operation} (seed ${seed})`
        expect(end, about).toMatch(/^(succeeded|gone|200|201|410)$/)

        if (operation === 'bind' && binding !== undefined) {
          const { body: found } = await send('GET', path.split('?')[0] ?? '')
          instance.bindings.set(binding, found['credentials'] as RedisCredentials)
        }
        if (operation === 'unbind' && binding !== undefined) {
          const credentials = instance.bindings.get(binding)
          if (credentials) instance.dead.push(credentials)
          instance.bindings.delete(binding)
        }
        if (plan !== undefined) instance.plan_id = plan
        const known = { tenant: '', instance_id: instance.id, plan_id: instance.plan_id, busy: false }
        if (operation === 'deprovision') {
          expect(await engine.list({ [labels.broker]: name }), about).toEqual([])
          instance = undefined
          continue
        }
        const report = await reconcile(engine, [known], { broker: name, olderThanMs: 0 })
        expect({ orphans: report.orphans, drifted: report.drifted }, about).toEqual({ orphans: [], drifted: [] })
        expect((await engine.list({ [labels.instance]: instanceNames('', instance.id).instance })).length, about).toBe(
          4,
        )
        for (const credentials of instance.dead) {
          await expect(redisCall(credentials, 'PING'), `${about}: a login that was taken away`).rejects.toThrow()
        }
        for (const credentials of instance.bindings.values()) {
          for (const key of instance.written) expect(await redisCall(credentials, 'GET', key), about).toBe(key)
          const key = `key-${point}-${instance.written.length}`
          await redisCall(credentials, 'SET', key, key)
          instance.written.push(key)
        }
      }
      console.log(`chaos: ${points} kills, seed ${seed}: ${JSON.stringify(counts)}; all operations ended, nothing lost`)
      if (!instance) return
      const query = new URLSearchParams({ service_id: 'redis', plan_id: instance.plan_id, accepts_incomplete: 'true' })
      expect(await finish('DELETE', `service_instances/${instance.id}?${query.toString()}`)).toMatch(
        /succeeded|gone|200/,
      )
      expect(await engine.list({ [labels.broker]: name })).toEqual([])
    },
  )
})

interface NextRequest {
  readonly operation: Operation
  readonly method: string
  readonly path: string
  readonly body?: object
  readonly binding?: string
  /** The plan that it moves to. */
  readonly plan?: string
}

/** The request of the next operation that the instance's state allows; those done least come first. */
function nextRequest({ id, plan_id, bindings }: Instance, counts: Readonly<Record<string, number>>): NextRequest {
  const resource = `service_instances/${id}`
  const query = new URLSearchParams({ service_id: 'redis', plan_id, accepts_incomplete: 'true' }).toString()
  const [bound] = bindings.keys()
  const isNew = !(id in born)
  if (isNew) {
    born[id] = true
    const body = { ...ids, organization_guid: 'o', space_guid: 's' }
    return { operation: 'provision', method: 'PUT', path: `${resource}?accepts_incomplete=true`, body }
  }
  const binding = randomUUID()
  const plan = plan_id === 'small' ? 'large' : 'small'
  const bind: NextRequest = {
    operation: 'bind',
    method: 'PUT',
    path: `${resource}/service_bindings/${binding}?accepts_incomplete=true`,
    body: { service_id: 'redis', plan_id },
    binding,
  }
  const choices: NextRequest[] = [
    bind,
    {
      operation: 'update',
      method: 'PATCH',
      path: `${resource}?accepts_incomplete=true`,
      body: { service_id: 'redis', plan_id: plan },
      plan,
    },
    ...(bound === undefined
      ? []
      : [
          {
            operation: 'unbind' as const,
            method: 'DELETE',
            path: `${resource}/service_bindings/${bound}?${query}`,
            binding: bound,
          },
        ]),
    ...(bound === undefined
      ? []
      : [{ operation: 'deprovision' as const, method: 'DELETE', path: `${resource}?${query}` }]),
  ]
  const least = Math.min(...choices.map(({ operation }) => counts[operation] ?? 0))
  const rare = choices.filter(({ operation }) => (counts[operation] ?? 0) <= least + 1)
  const chosen = rare[Math.floor(random() * rare.length)] ?? bind
  return chosen
}

/** Instances whose provision was sent. */
const born: Record<string, true> = {}
