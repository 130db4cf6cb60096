import type { BindResult } from 'osb-server'
import { describe, expect, it } from 'vitest'
import type { ContainerStatus, Engine } from '../engine/engine.js'
import { defineRecipe } from '../recipes/recipe.js'
import { bindInstance } from './bind-instance.js'
import { instanceResources } from './instance-resources.js'

const ids = {
  broker: 'broker',
  tenant: '',
  instance_id: 'i',
  binding_id: 'b',
  service_id: 's',
  plan_id: 'p',
  plan_name: 'small',
}

/** Binds a service that runs with these ports, by a recipe that gives what is given. */
async function bound(ports: Readonly<Record<string, number>>, given: BindResult, checkpointed?: { password: string }) {
  const told: { password?: string } = {}
  const recipe = defineRecipe({
    name: 'test',
    image: 'test:1',
    ports,
    ready: async () => undefined,
    plans: { small: { memoryMb: 64 } },
    bind: async ({ password }) => {
      told.password = password
      return given
    },
  })
  const { container } = instanceResources(recipe, ids).names
  const status: ContainerStatus = {
    name: container,
    state: 'running',
    restarts: 0,
    labels: {},
    host: 'services.example',
    probeHost: '127.0.0.1',
    ports,
    place: { engine: 'docker', host: '0.0.0.0', ports, paths: {} },
    health: 'none',
  }
  const engine: Pick<Engine, 'inspectContainer'> = {
    inspectContainer: async (name) => (name === container ? status : undefined),
  }
  const kept: unknown[] = []
  const steps = {
    signal: new AbortController().signal,
    progress: async () => {},
    checkpoint: async (value: unknown) => void kept.push(value),
    checkpointed,
  }
  // Nothing else of an engine is needed where the service runs.
  const result = await bindInstance(engine as Engine, recipe, ids, { secrets: {} }, {}, steps)
  return { result, told, kept }
}

describe('what a bind gives', () => {
  const credentials = { username: 'u' }

  it('BIND-07, BIND-09: says where the service is, each of its ports', async () => {
    const { result } = await bound({ db: 5432, admin: 8080 }, { credentials })
    expect(result).toEqual({ credentials, endpoints: [{ host: 'services.example', ports: ['5432', '8080'] }] })
  })

  it('leaves the endpoints of a recipe as they are, none included', async () => {
    const endpoints = [{ host: 'proxy.example', ports: ['443'] }]
    expect((await bound({ db: 5432 }, { credentials, endpoints })).result).toEqual({ credentials, endpoints })
    expect((await bound({ db: 5432 }, { credentials, endpoints: [] })).result).toEqual({ credentials, endpoints: [] })
  })

  it('END-02: has no endpoint without ports', async () => {
    expect((await bound({}, { credentials })).result).toEqual({ credentials })
  })

  it('makes a password once, and keeps it before the recipe gets it', async () => {
    const first = await bound({ db: 5432 }, { credentials })
    expect(first.kept).toEqual([{ password: first.told.password }])
    const again = await bound({ db: 5432 }, { credentials }, { password: 'kept from before' })
    expect(again.told.password).toBe('kept from before')
    expect(again.kept).toEqual([])
  })
})
