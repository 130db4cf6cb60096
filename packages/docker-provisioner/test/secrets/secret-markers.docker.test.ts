import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { definePlan } from 'osb-server'
import { sqliteStore } from 'osb-server/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  dockerEngine,
  dockerOffering,
  labels,
  mariadbRecipe,
  postgresqlRecipe,
  rabbitmqRecipe,
  redisRecipe,
} from '../../src/index.js'
import { instanceNames } from '../../src/resource-names.js'
import { platform, testBroker } from '../support/platform.js'
import { testImage, whyNoImage } from '../support/test-image.js'

const execute = promisify(execFile)
const docker = async (...args: string[]) => (await execute('docker', args, { maxBuffer: 256 * 1024 * 1024 })).stdout

const reason = await whyNoImage('redis', 'postgresql', 'mariadb', 'rabbitmq')
const engine = dockerEngine()
const broker = `test-${randomUUID()}`
const limits = { small: { memoryMb: 512, pids: 256, connections: 20 }, broken: { pids: 1, connections: 300_000 } }
const recipes = [
  redisRecipe({ image: testImage('redis'), plans: limits }),
  postgresqlRecipe({ image: testImage('postgresql'), plans: limits }),
  mariadbRecipe({ image: testImage('mariadb'), plans: limits }),
  rabbitmqRecipe({ image: testImage('rabbitmq'), plans: limits }),
]
const offerings = recipes.map((recipe) =>
  dockerOffering(recipe, {
    engine,
    broker,
    id: recipe.name,
    name: recipe.name,
    description: 'for tests',
    plan_updateable: true,
    plans: (['small', 'broken'] as const).map((name) =>
      definePlan({ id: `${recipe.name}-${name}`, name, description: 'for tests' }),
    ),
  }),
)

/** All spellings in which a secret could leak. */
function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  // The three ways in which a text may stand inside of a longer one in Base64, without the ends that depend on the rest.
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...encoded]
}

describe('secrets', { timeout: 300_000 }, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-secrets-'))
  })
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    if (reason !== undefined) return
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
  })

  it.each(recipes.map(({ name }) => name))('%s shows them nowhere', async (service) => {
    const since = Math.floor(Date.now() / 1000)
    const file = join(folder, `${service}.db`)
    const store = await sqliteStore({ file, encryptionKey: randomBytes(32) })
    const served = testBroker(offerings, store)
    const { send, perform, settle, seen } = platform((request) => served.fetch(request))
    const instance_id = randomUUID()
    const instance = `service_instances/${instance_id}`
    const ids = { service_id: service, plan_id: `${service}-small` }
    const query = new URLSearchParams({ ...ids, accepts_incomplete: 'true' }).toString()
    const marker = `marker-${randomUUID()}`
    const secrets: string[] = [marker]

    const parameters = { password: marker }
    const provision = { ...ids, organization_guid: 'o', space_guid: 's', parameters }
    expect(await perform('PUT', `${instance}?accepts_incomplete=true`, provision)).toBe('succeeded')
    for (const name of ['one', 'two']) {
      const path = `${instance}/service_bindings/${name}`
      const accepted = await send('PUT', `${path}?accepts_incomplete=true`, ids)
      if (accepted.status === 202) expect(await settle(path)).toBe('succeeded')
      const { body } = await send('GET', path)
      secrets.push(String((body['credentials'] as { password: string }).password))
    }
    const refused = { ...ids, parameters: { read_only: true, password: marker } }
    expect(await perform('PUT', `${instance}/service_bindings/three?accepts_incomplete=true`, refused)).toBe('400')
    const broken = { ...ids, plan_id: `${service}-broken`, previous_values: ids, parameters }
    expect(await perform('PATCH', `${instance}?accepts_incomplete=true`, broken)).toMatch(/failed|400/)
    const moved = { service_id: service, plan_id: `${service}-broken` }
    expect(await perform('PATCH', `${instance}?accepts_incomplete=true`, moved)).toBe('failed')
    expect(await perform('DELETE', `${instance}/service_bindings/one?${query}`)).toMatch(/succeeded|gone|200/)

    const record = (await store.read({ tenant: '', instance_id })).instance
    const state = record?.secrets.state as { secrets: Record<string, string> }
    secrets.push(...Object.values(state.secrets))
    expect(secrets.length).toBeGreaterThanOrEqual(4)

    const names = instanceNames('', instance_id)
    const calls = await docker('exec', names.container, 'cat', '/tmp/osb-test-calls')
    expect(calls, 'the wrappers recorded the clients').toContain('PATH=')
    const found = await engine.list({ [labels.instance]: names.instance })
    const places = {
      inspect: (await Promise.all(found.map(({ name }) => docker('inspect', name)))).join(''),
      log: await docker('logs', names.container).then(async (out) => {
        const { stderr } = await execute('docker', ['logs', names.container])
        return out + stderr
      }),
      events: await docker('events', '--since', String(since), '--until', String(Math.ceil(Date.now() / 1000) + 1)),
      clients: calls,
      answers: seen(),
      store: (
        await Promise.all(
          (await readdir(folder)).map(async (name) => (await readFile(join(folder, name))).toString('latin1')),
        )
      ).join(''),
    }
    expect(places.events).toContain('exec_start')
    for (const [place, text] of Object.entries(places)) {
      for (const [index, secret] of secrets.entries()) {
        const leaks = spellings(secret).filter((spelling) => text.includes(spelling))
        expect(leaks, `secret ${index} in ${place}`).toEqual([])
      }
    }
    expect(await perform('DELETE', `${instance}?${query}`)).toMatch(/succeeded|gone|200/)
    expect(await engine.list({ [labels.instance]: names.instance })).toEqual([])
    await served.close()
    await store.close()
  })
})
