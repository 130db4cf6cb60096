import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { definePlan, isOsbError, type OsbError } from 'osb-server'
import { expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import { labels } from '../../src/labels.js'
import { dockerOffering } from '../../src/offering/docker-offering.js'
import { http } from '../../src/ready/http.js'
import { collectorRecipe } from '../../src/recipes/collector-recipe.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { instanceNames } from '../../src/resource-names.js'
import { handlerContext } from './test-instance.js'

export const collectorFolder = fileURLToPath(new URL('../../../../examples/collector-service', import.meta.url))

const plans = [
  definePlan({ id: 'plan', name: 'normal', description: 'for tests' }),
  definePlan({ id: 'large', name: 'large', description: 'for tests' }),
]
const offeringOf = (engine: Engine, recipe: Recipe<'normal' | 'large'>) =>
  dockerOffering(recipe, { engine, id: 'service', name: 'collector', description: 'for tests', plans })

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
    recipe: Recipe<'normal' | 'large'> = collectorRecipe({ folder: collectorFolder }),
  ) => {
    const [engine, ids] = [makeEngine(), { ...common, instance_id: `${randomUUID()} ../é` }]
    const offering = offeringOf(engine, recipe)
    try {
      await body(offering, ids, engine)
    } finally {
      await offering.deprovision({ ...handlerContext(), ...ids, instance: { ...ids, state: undefined } })
      expect(await remains(engine, ids.instance_id)).toEqual([])
    }
  }

  it('provisions, binds two apps, unbinds one and deprovisions', async () => {
    await withInstance(async (offering, ids, engine) => {
      const { state } = await offering.provision({ ...handlerContext(), ...ids })
      const instance = { ...ids, state }
      const bind = async (binding_id: string, store = {}) => {
        const result = await offering.bind?.({ ...handlerContext(store), ...ids, binding_id, instance })
        return result?.credentials as unknown as Credentials
      }
      const store = {}
      const [one, other] = [await bind('one', store), await bind('other')]
      expect(Object.keys(one).sort()).toEqual(['host', 'password', 'port', 'uri', 'username'])
      expect(await statusOf(one, { method: 'POST', body: '{"a":1}' })).toBe(201)
      expect(await statusOf(other)).toBe(200)
      expect(await bind('one', store), 'a bind done again after a crash').toEqual(one)
      expect(await statusOf({ ...one, password: other.password })).toBe(401)

      const unbind = { ...handlerContext(), ...ids, binding_id: 'one', instance, bindingState: undefined }
      await offering.unbind?.(unbind)
      await offering.unbind?.(unbind)
      expect(await statusOf(one)).toBe(401)
      expect(await statusOf(other)).toBe(200)
      expect((await remains(engine, ids.instance_id)).sort()).toEqual(['container', 'network', 'volume'])
      await offering.deprovision({ ...handlerContext(), ...ids, instance })
      expect(await remains(engine, ids.instance_id)).toEqual([])
      await offering.unbind?.(unbind)
    })
  })

  it('goes on with a provision that was cut off, and starts a stopped service for a bind', async () => {
    await withInstance(async (offering, ids, engine) => {
      const cut = new AbortController()
      const first = offering.provision({
        ...handlerContext({}, cut.signal),
        ...ids,
        progress: async (text) => {
          if (text.includes('ready')) cut.abort(new Error('the broker died'))
        },
      })
      await expect(first).rejects.toThrow('the broker died')
      expect(await remains(engine, ids.instance_id)).toContain('container')
      const { state } = await offering.provision({ ...handlerContext(), ...ids })
      await engine.stopContainer(instanceNames('', ids.instance_id).container)
      const result = await offering.bind?.({
        ...handlerContext(),
        ...ids,
        binding_id: 'b',
        instance: { ...ids, state },
      })
      expect(await statusOf(result?.credentials as unknown as Credentials)).toBe(200)
    })
  })

  it('changes the plan with data, port and logins kept, also when the broker dies at any step of it', async () => {
    await withInstance(async (offering, ids, engine) => {
      const { state } = await offering.provision({ ...handlerContext(), ...ids })
      const instance = { ...ids, state }
      const bound = await offering.bind?.({ ...handlerContext(), ...ids, binding_id: 'b', instance })
      const credentials = bound?.credentials as unknown as Credentials
      expect(await statusOf(credentials, { method: 'POST', body: '{"a":1}' })).toBe(201)
      const update = (plan_name: 'normal' | 'large', progress = async (_text: string) => {}, signal?: AbortSignal) => {
        const previous_plan_name = plan_name === 'large' ? ('normal' as const) : ('large' as const)
        const after = { ...ids, plan_id: plan_name, plan_name, parameters: undefined, previous_plan_name }
        return offering.update?.({ ...handlerContext({}, signal), ...after, progress, instance })
      }
      for (const [index, step] of ['getting', 'replacing', 'ready', 'none'].entries()) {
        const plan = index % 2 === 0 ? 'large' : 'normal'
        const cut = new AbortController()
        const died = async (text: string) => {
          if (text.includes(step)) cut.abort(new Error('the broker died'))
        }
        if (step !== 'none') await expect(update(plan, died, cut.signal)).rejects.toThrow('the broker died')
        await update(plan)
        expect(await statusOf(credentials)).toBe(200)
        const containers = (
          await engine.list({ [labels.instance]: instanceNames('', ids.instance_id).instance })
        ).filter(({ kind }) => kind === 'container')
        expect(containers.map((found) => found.labels[labels.planId])).toEqual([plan])
      }
      const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
      const records = await fetch(`${credentials.uri}records`, { headers: { authorization } })
      expect(JSON.stringify(await records.json())).toContain('"a":1')
    })
  })

  it('brings the old service back for a bind when an update was given up in the middle', async () => {
    await withInstance(async (offering, ids, engine) => {
      const { state } = await offering.provision({ ...handlerContext(), ...ids })
      const instance = { ...ids, state }
      const cut = new AbortController()
      const after = { ...ids, plan_id: 'large', plan_name: 'large' as const, parameters: undefined }
      const halted = offering.update?.({
        ...handlerContext({}, cut.signal),
        ...after,
        previous_plan_name: 'normal',
        instance,
        progress: async (text) => {
          if (text.includes('ready')) cut.abort(new Error('given up'))
        },
      })
      await expect(halted).rejects.toThrow('given up')
      const bound = await offering.bind?.({ ...handlerContext(), ...ids, binding_id: 'b', instance })
      expect(await statusOf(bound?.credentials as unknown as Credentials)).toBe(200)
      const status = await engine.inspectContainer(instanceNames('', ids.instance_id).container)
      expect(status?.labels[labels.planId]).toBe('plan')
      expect(await engine.inspectContainer(instanceNames('', ids.instance_id).keptContainer)).toBeUndefined()
    })
  })

  it('removes a service that does not start and says why, secrets masked', async () => {
    const collector = collectorRecipe({ folder: collectorFolder })
    const broken: Recipe<'normal' | 'large'> = {
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
      const error: unknown = await offering
        .provision({ ...handlerContext(store), ...ids })
        .catch((reason: unknown) => reason)
      expect(isOsbError(error)).toBe(true)
      expect((error as OsbError).body.description).toMatch(/ended while it started.*key \*\*\*/)
      const secret = store.value?.secrets?.admin ?? 'missing'
      expect(secret).toHaveLength(43)
      expect(JSON.stringify((error as OsbError).body)).not.toContain(secret)
      expect(await remains(engine, ids.instance_id)).toEqual([])
    }, broken)
  })
}
