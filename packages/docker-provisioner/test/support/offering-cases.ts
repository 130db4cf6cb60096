import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { definePlan, type HandlerContext, isOsbError, type OsbError } from 'osb-server'
import { expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import { labels } from '../../src/labels.js'
import { dockerOffering } from '../../src/offering/docker-offering.js'
import { http } from '../../src/ready/http.js'
import { collectorRecipe } from '../../src/recipes/collector-recipe.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { instanceNames } from '../../src/resource-names.js'

export const collectorFolder = fileURLToPath(new URL('../../../../examples/collector-service', import.meta.url))

const plan = definePlan({ id: 'plan', name: 'normal', description: 'for tests' })
const offeringOf = (engine: Engine, recipe: Recipe<'normal'>) =>
  dockerOffering(recipe, { engine, id: 'service', name: 'collector', description: 'for tests', plans: [plan] })

/** What a handler gets; `store` keeps the checkpoint over attempts, as the lifecycle does. */
function context(store: { value?: unknown } = {}, signal = AbortSignal.timeout(90_000)): HandlerContext {
  return {
    tenant: '',
    signal,
    attempt: 1,
    fencingToken: 1,
    progress: async () => {},
    checkpointed: store.value,
    checkpoint: async (value) => {
      store.value = value
    },
  }
}

const common = { service_id: 'service', plan_id: 'plan', plan_name: 'normal', parameters: {} }

/** Resources of one instance that the engine still has. */
async function remains(engine: Engine, instance_id: string) {
  return (await engine.list({ [labels.instance]: instanceNames('', instance_id).instance })).map(({ kind }) => kind)
}

interface Credentials {
  readonly uri: string
  readonly username: string
  readonly password: string
}

async function statusOf({ uri, username, password }: Credentials, init: RequestInit = {}): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return (await fetch(`${uri}records`, { ...init, headers: { authorization } })).status
}

/** The life of an instance on any engine; each engine's test file calls this. */
export function offeringCases(makeEngine: () => Engine): void {
  const withInstance = async (
    body: (
      offering: ReturnType<typeof offeringOf>,
      ids: typeof common & { instance_id: string },
      engine: Engine,
    ) => Promise<void>,
    recipe: Recipe<'normal'> = collectorRecipe({ folder: collectorFolder }),
  ) => {
    const [engine, ids] = [makeEngine(), { ...common, instance_id: `${randomUUID()} ../é` }]
    const offering = offeringOf(engine, recipe)
    try {
      await body(offering, ids, engine)
    } finally {
      await offering.deprovision({ ...context(), ...ids, instance: { ...ids, state: undefined } })
      expect(await remains(engine, ids.instance_id)).toEqual([])
    }
  }

  it('provisions, binds two apps, unbinds one and deprovisions', async () => {
    await withInstance(async (offering, ids, engine) => {
      const { state } = await offering.provision({ ...context(), ...ids })
      const instance = { ...ids, state }
      const bind = async (binding_id: string, store = {}) => {
        const result = await offering.bind?.({ ...context(store), ...ids, binding_id, instance })
        return result?.credentials as unknown as Credentials
      }
      const store = {}
      const [one, other] = [await bind('one', store), await bind('other')]
      expect(Object.keys(one).sort()).toEqual(['host', 'password', 'port', 'uri', 'username'])
      expect(await statusOf(one, { method: 'POST', body: '{"a":1}' })).toBe(201)
      expect(await statusOf(other)).toBe(200)
      expect(await bind('one', store), 'a bind done again after a crash').toEqual(one)
      expect(await statusOf({ ...one, password: other.password })).toBe(401)

      const unbind = { ...context(), ...ids, binding_id: 'one', instance, bindingState: undefined }
      await offering.unbind?.(unbind)
      await offering.unbind?.(unbind)
      expect(await statusOf(one)).toBe(401)
      expect(await statusOf(other)).toBe(200)
      expect((await remains(engine, ids.instance_id)).sort()).toEqual(['container', 'network', 'volume'])
      await offering.deprovision({ ...context(), ...ids, instance })
      expect(await remains(engine, ids.instance_id)).toEqual([])
      await offering.unbind?.(unbind)
    })
  })

  it('goes on with a provision that was cut off, and starts a stopped service for a bind', async () => {
    await withInstance(async (offering, ids, engine) => {
      const cut = new AbortController()
      const first = offering.provision({
        ...context({}, cut.signal),
        ...ids,
        progress: async (text) => {
          if (text.includes('ready')) cut.abort(new Error('the broker died'))
        },
      })
      await expect(first).rejects.toThrow('the broker died')
      expect(await remains(engine, ids.instance_id)).toContain('container')
      const { state } = await offering.provision({ ...context(), ...ids })
      await engine.stopContainer(instanceNames('', ids.instance_id).container)
      const result = await offering.bind?.({ ...context(), ...ids, binding_id: 'b', instance: { ...ids, state } })
      expect(await statusOf(result?.credentials as unknown as Credentials)).toBe(200)
    })
  })

  it('removes a service that does not start and says why, secrets masked', async () => {
    const collector = collectorRecipe({ folder: collectorFolder })
    const broken: Recipe<'normal'> = {
      ...collector,
      secrets: ['admin'],
      secretFiles: ({ secrets }) => ({ admin: secrets['admin'] ?? '' }),
      process: ({ place }) => ({
        command: [
          'node',
          '-e',
          "const fs = require('node:fs'); console.log('key ' + fs.readFileSync(process.env.FILE)); process.exit(1)",
        ],
        env: { FILE: `${place.paths['secrets']}/admin` },
      }),
      ready: http('http', '/health'),
    }
    await withInstance(async (offering, ids, engine) => {
      const store: { value?: { secrets?: { admin?: string } } } = {}
      const error: unknown = await offering.provision({ ...context(store), ...ids }).catch((reason: unknown) => reason)
      expect(isOsbError(error)).toBe(true)
      expect((error as OsbError).body.description).toMatch(/ended while it started.*key \*\*\*/)
      const secret = store.value?.secrets?.admin ?? 'missing'
      expect(secret).toHaveLength(43)
      expect(JSON.stringify((error as OsbError).body)).not.toContain(secret)
      expect(await remains(engine, ids.instance_id)).toEqual([])
    }, broken)
  })
}
